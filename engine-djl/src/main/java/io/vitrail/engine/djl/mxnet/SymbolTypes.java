package io.vitrail.engine.djl.mxnet;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.Symbol;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Ask MXNet for the shapes and types in a symbol, without running it.
 *
 * <p>Nodes are called {@code v0}, {@code v1}, ...: whatever a file calls them, they can be told
 * apart then.
 */
public final class SymbolTypes implements AutoCloseable {
    /** One output of a node. */
    public record Typed(Shape shape, DataType type) {}

    private static final List<DataType> TYPES = // by MXNet's number
            List.of(
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.FLOAT16,
                    DataType.UINT8,
                    DataType.INT32,
                    DataType.INT8,
                    DataType.INT64,
                    DataType.BOOLEAN);

    private final NDManager manager;
    private final Symbol internals;

    /**
     * Let MXNet read a symbol.
     *
     * @param json in the form of MXNet 1.9
     * @throws EngineException if it knows an operator or an attribute not; its message calls nodes
     *     {@code v0}, ...
     */
    public SymbolTypes(String json) {
        manager = Libmxnet.newManager(Device.cpu());
        try {
            internals =
                    Libmxnet.alone(
                            () -> {
                                try (Symbol whole = Symbol.loadJson((MxNDManager) manager, json)) {
                                    return whole.getInternals();
                                }
                            });
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** Return whether MXNet knows an operator. */
    public static boolean knows(String operator) {
        Libmxnet.start();
        try {
            JnaUtils.op(NativeCall.name(operator));
            return true;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Return the outputs of each node, by its name.
     *
     * @param given shapes and types of all variables
     * @throws EngineException if they do not fit together
     */
    public Map<String, List<Typed>> infer(Map<String, Typed> given) {
        return Libmxnet.alone(() -> inferred(given));
    }

    private Map<String, List<Typed>> inferred(Map<String, Typed> given) {
        List<Shape> shapes = shapes(given);
        int[] types = types(given);
        String[] names = JnaUtils.listSymbolOutputs(internals.getHandle());
        Map<String, List<Typed>> outputs = new java.util.HashMap<>();
        for (int i = 0; i < names.length; i++) {
            int end = names[i].indexOf('_');
            String node = end < 0 ? names[i] : names[i].substring(0, end);
            DataType type =
                    types[i] >= 0 && types[i] < TYPES.size()
                            ? TYPES.get(types[i])
                            : DataType.FLOAT32;
            outputs.computeIfAbsent(node, key -> new ArrayList<>())
                    .add(new Typed(shapes.get(i), type));
        }
        return outputs;
    }

    /** DJL's own call loses all shapes but the first. */
    private List<Shape> shapes(Map<String, Typed> given) {
        String[] names = given.keySet().toArray(String[]::new);
        int[] ends = new int[names.length + 1];
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            for (long size : given.get(names[i]).shape().getShape()) {
                sizes.add(Math.toIntExact(size));
            }
            ends[i + 1] = sizes.size();
        }
        IntByReference count = new IntByReference();
        PointerByReference axes = new PointerByReference();
        PointerByReference data = new PointerByReference();
        IntByReference complete = new IntByReference();
        Libmxnet.inferShapes(
                new Object[] {
                    internals.getHandle(),
                    names.length,
                    new StringArray(names),
                    ends,
                    sizes.stream().mapToInt(Integer::intValue).toArray(),
                    new IntByReference(),
                    new PointerByReference(),
                    new PointerByReference(),
                    count,
                    axes,
                    data,
                    new IntByReference(),
                    new PointerByReference(),
                    new PointerByReference(),
                    complete
                });
        if (complete.getValue() == 0) {
            throw new EngineException("the shapes of the inputs do not settle all others");
        }
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < count.getValue(); i++) {
            int rank = axes.getValue().getInt(4L * i);
            Pointer row = data.getValue().getPointer((long) Native.POINTER_SIZE * i);
            long[] shape = new long[Math.max(rank, 0)];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = row.getInt(4L * axis);
            }
            shapes.add(new Shape(shape));
        }
        return shapes;
    }

    private int[] types(Map<String, Typed> given) {
        String[] names = given.keySet().toArray(String[]::new);
        Memory codes = new Memory(Math.max(4L * names.length, 4));
        for (int i = 0; i < names.length; i++) {
            codes.setInt(4L * i, TYPES.indexOf(given.get(names[i]).type()));
        }
        IntByReference count = new IntByReference();
        PointerByReference data = new PointerByReference();
        Libmxnet.inferTypes(
                new Object[] {
                    internals.getHandle(),
                    names.length,
                    new StringArray(names),
                    codes,
                    new IntByReference(),
                    new PointerByReference(),
                    count,
                    data,
                    new IntByReference(),
                    new PointerByReference(),
                    new IntByReference()
                });
        Pointer first = data.getValue();
        return count.getValue() == 0 ? new int[0] : first.getIntArray(0, count.getValue());
    }

    @Override
    public void close() {
        internals.close();
        manager.close();
    }
}
