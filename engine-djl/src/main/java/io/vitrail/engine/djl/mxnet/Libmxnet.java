package io.vitrail.engine.djl.mxnet;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.mxnet.engine.MxGradientCollector;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The native library, started on first use, and what DJL does not bind of it.
 *
 * <p>Two threads that record at once disturb each other, so all work of ours is done under one
 * lock. A tape is one node long: its inputs are aliases that nobody else sees, marked as variables,
 * so that neither a weight nor an array of a caller's is ever touched by autograd.
 */
final class Libmxnet {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final class Bound {
        private static final NativeLibrary LIBRARY =
                NativeLibrary.getInstance(LibUtils.getLibName());
        static final Function DETACH = LIBRARY.getFunction("MXNDArrayDetach");
        static final Function MARK = LIBRARY.getFunction("MXAutogradMarkVariables");
        static final Function BACKWARD = LIBRARY.getFunction("MXAutogradBackwardEx");
        static final Function THREADS = LIBRARY.getFunction("MXSetNumOMPThreads");
        static final Function SHAPES = LIBRARY.getFunction("MXSymbolInferShapeEx");
        static final Function TYPES = LIBRARY.getFunction("MXSymbolInferType");
        static final Function ERROR = LIBRARY.getFunction("MXGetLastError");
        // named by every mark as the place for a gradient, and written by none
        static final MxNDArray PLACE = place();

        private static MxNDArray place() {
            MxNDArray place = (MxNDArray) newManager(Device.cpu()).zeros(new Shape(1));
            NDScope.unregister(place); // never closed, whoever asks first
            return place;
        }
    }

    private Libmxnet() {}

    static Engine start() {
        // DJL reports usage home when an engine starts, unless told not to
        if (System.getProperty("OPT_OUT_TRACKING") == null) {
            System.setProperty("OPT_OUT_TRACKING", "true");
        }
        return Engine.getEngine("MXNet");
    }

    /** Return a manager that nobody else closes. */
    static NDManager newManager(Device device) {
        return start().newBaseManager(device);
    }

    /** Return whether MKL-DNN is in the library, which is not to say that it is on. */
    static boolean compiledWithMklDnn() {
        start();
        return JnaUtils.getFeatures().contains("MKLDNN");
    }

    static void setThreads(int threads) {
        check(Bound.THREADS.invokeInt(new Object[] {threads}));
    }

    /** Return what work returns, done alone and without a tape. */
    static <T> T alone(Supplier<T> work) {
        LOCK.lock();
        try {
            return recorded(false, false, work);
        } finally {
            LOCK.unlock();
        }
    }

    /** Return what a caller's function returns, which others need not wait for. */
    static <T> T aside(Supplier<T> function) {
        int held = LOCK.getHoldCount();
        for (int i = 0; i < held; i++) {
            LOCK.unlock();
        }
        try {
            return function.get();
        } finally {
            for (int i = 0; i < held; i++) {
                LOCK.lock();
            }
        }
    }

    /** Return what work returns, done on the tape of this thread. */
    static <T> T taped(boolean training, Supplier<T> work) {
        return recorded(true, training, work);
    }

    private static <T> T recorded(boolean recording, boolean training, Supplier<T> work) {
        boolean recordedBefore = MxGradientCollector.setRecording(recording);
        boolean trainedBefore = MxGradientCollector.setTraining(training);
        try {
            return work.get();
        } finally {
            MxGradientCollector.setRecording(recordedBefore);
            MxGradientCollector.setTraining(trainedBefore);
        }
    }

    /** Return an alias on the same memory, off every tape. */
    static NDArray alias(NDArray array, NDManager owner) {
        PointerByReference made = new PointerByReference();
        check(Bound.DETACH.invokeInt(new Object[] {handle(array), made}));
        return ((MxNDManager) owner).create(made.getValue());
    }

    /** Let tapes begin at aliases. */
    static void mark(NDList aliases) {
        if (aliases.isEmpty()) {
            return;
        }
        int[] write = new int[aliases.size()];
        Arrays.fill(write, 1);
        Pointer[] places = new Pointer[aliases.size()];
        Arrays.fill(places, handle(Bound.PLACE));
        check(Bound.MARK.invokeInt(new Object[] {aliases.size(), handles(aliases), write, places}));
    }

    /**
     * Return the gradient at each variable; the tape stays.
     *
     * @param heads the gradient at each output; null stands for ones
     */
    static NDList backward(
            NDList outputs,
            @Nullable NDList heads,
            NDList variables,
            boolean training,
            NDManager owner) {
        PointerByReference gradients = new PointerByReference();
        check(
                Bound.BACKWARD.invokeInt(
                        new Object[] {
                            outputs.size(),
                            handles(outputs),
                            heads == null ? null : handles(heads),
                            variables.size(),
                            handles(variables),
                            1,
                            0,
                            training ? 1 : 0,
                            gradients,
                            new PointerByReference()
                        }));
        NDList found = new NDList(variables.size());
        // the array of handles belongs to the thread and is overwritten by its next call
        for (Pointer pointer : gradients.getValue().getPointerArray(0, variables.size())) {
            found.add(((MxNDManager) owner).create(pointer));
        }
        return found;
    }

    /** Call {@code MXSymbolInferShapeEx}. */
    static void inferShapes(Object[] arguments) {
        check(Bound.SHAPES.invokeInt(arguments));
    }

    /** Call {@code MXSymbolInferType}. */
    static void inferTypes(Object[] arguments) {
        check(Bound.TYPES.invokeInt(arguments));
    }

    private static Pointer handle(NDArray array) {
        return ((MxNDArray) array).getHandle();
    }

    private static Pointer[] handles(NDList arrays) {
        return arrays.stream().map(Libmxnet::handle).toArray(Pointer[]::new);
    }

    private static void check(int result) {
        if (result != 0) {
            throw new EngineException(
                    "MXNet: " + Bound.ERROR.invokeString(new Object[0], false).strip());
        }
    }
}
