package io.vitrail.engine.djl.torch;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Call a compiled module and let go of nothing that the caller owns.
 *
 * <p>DJL's own {@link IValueUtils#forward} never frees the arguments of a call that fails, and with
 * them the tensors: 4 MB a failure for an input of that size. The native method below it is not
 * public, so it is looked up; DJL's module is an automatic one, which permits that.
 */
final class ModuleCall {
    private static final boolean CUDA_STREAM =
            Boolean.getBoolean("ai.djl.pytorch.enable_cuda_stream"); // as DJL reads it

    private static final Object LIBRARY;
    private static final Method RUN;
    private static final Constructor<IValue> VALUE;

    static {
        try {
            Class<?> library =
                    Class.forName(
                            "ai.djl.pytorch.jni.PyTorchLibrary",
                            true,
                            IValue.class.getClassLoader());
            Field only = library.getDeclaredField("LIB");
            only.setAccessible(true);
            LIBRARY = only.get(null);
            RUN =
                    library.getDeclaredMethod(
                            "moduleRunMethod",
                            long.class,
                            String.class,
                            long[].class,
                            boolean.class,
                            boolean.class);
            RUN.setAccessible(true);
            VALUE = IValue.class.getDeclaredConstructor(long.class);
            VALUE.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of DJL's pytorch-engine is not supported: use 0.35.1", e);
        }
    }

    private ModuleCall() {}

    /**
     * Call {@code forward}, with autograd as the thread has it.
     *
     * @param arguments stay the caller's
     * @return the result, the caller's to close
     * @throws ai.djl.engine.EngineException if libtorch fails
     */
    static IValue forward(PtSymbolBlock block, IValue... arguments) {
        long[] handles = new long[arguments.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        try {
            // "train" means: no guard against autograd; the module itself stays in evaluation mode
            Object result =
                    RUN.invoke(LIBRARY, block.getHandle(), "forward", handles, true, CUDA_STREAM);
            return VALUE.newInstance(result);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
