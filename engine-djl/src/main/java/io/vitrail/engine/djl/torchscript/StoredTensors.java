package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Parameter;
import io.vitrail.archive.ZipDirectory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turn the tensors that a pickle describes into parameters over the archive's bytes. */
final class StoredTensors {
    private static final Map<String, DataType> TYPES =
            Map.of(
                    "torch.FloatStorage", DataType.FLOAT32,
                    "torch.DoubleStorage", DataType.FLOAT64,
                    "torch.HalfStorage", DataType.FLOAT16,
                    "torch.BFloat16Storage", DataType.BFLOAT16,
                    "torch.LongStorage", DataType.INT64,
                    "torch.IntStorage", DataType.INT32,
                    "torch.CharStorage", DataType.INT8,
                    "torch.ByteStorage", DataType.UINT8,
                    "torch.BoolStorage", DataType.BOOLEAN);

    private final ZipDirectory zip;
    private final String folder;
    private final Map<List<Object>, Parameter> known = new HashMap<>();

    /**
     * Look for tensors in a folder of the archive.
     *
     * @param folder {@code NAME/data/} or {@code NAME/constants/}
     */
    StoredTensors(ZipDirectory zip, String folder) {
        this.zip = zip;
        this.folder = folder;
    }

    /**
     * Return the parameter for {@code _rebuild_tensor_v2} or {@code _rebuild_parameter}; one object
     * a tensor.
     */
    Parameter parameter(Pickle.Call call, String name) {
        if (call.function().name().equals("torch._utils._rebuild_parameter")) {
            if (!call.arguments().isEmpty()
                    && call.arguments().get(0) instanceof Pickle.Call inner) {
                return parameter(inner, name);
            }
            throw Refusal.at(name, "the parameter's description is damaged");
        }
        Description description = describe(call, name);
        return known.computeIfAbsent(
                List.of(
                        description.key,
                        description.offset,
                        description.shape,
                        description.strides),
                key -> create(description, name));
    }

    /** Shape and type of a tensor whose bytes do not matter. */
    record Example(Shape shape, DataType type) {}

    /** Return shape and type alone, without a look at the bytes. */
    static Example example(Pickle.Call call, String name) {
        Description description = describe(call, name);
        return new Example(description.shape, description.type);
    }

    private record Description(
            String key,
            DataType type,
            long elements,
            long offset,
            Shape shape,
            List<Long> strides) {}

    private static Description describe(Pickle.Call call, String name) {
        List<Object> arguments = call.arguments();
        if (!call.function().name().equals("torch._utils._rebuild_tensor_v2")
                || arguments.size() < 4
                || !(arguments.get(0) instanceof Pickle.Persistent persistent)
                || !(persistent.id() instanceof List<?> id)
                || id.size() != 5
                || !(id.get(1) instanceof Pickle.Global storage)
                || !(id.get(2) instanceof String key)
                || !(id.get(4) instanceof Long elements)
                || !(arguments.get(1) instanceof Long offset)
                || !(arguments.get(2) instanceof List<?> sizes)
                || !(arguments.get(3) instanceof List<?> strides)) {
            throw Refusal.at(
                    name, "the tensor's description is damaged, or of a kind that is not read");
        }
        DataType type = TYPES.get(storage.name());
        if (type == null) {
            throw Refusal.at(name, "tensors of type " + storage.name() + " are not read");
        }
        long[] shape = longs(sizes, name);
        long[] steps = longs(strides, name);
        if (shape.length != steps.length) {
            throw Refusal.at(
                    name,
                    "the tensor has " + shape.length + " sizes and " + steps.length + " strides");
        }
        return new Description(
                key,
                type,
                elements,
                offset,
                new Shape(shape),
                java.util.Arrays.stream(steps).boxed().toList());
    }

    private static long[] longs(List<?> values, String name) {
        long[] longs = new long[values.size()];
        for (int i = 0; i < longs.length; i++) {
            if (!(values.get(i) instanceof Long value) || value < 0) {
                throw Refusal.at(name, "the tensor has the size or stride " + values.get(i));
            }
            longs[i] = value;
        }
        return longs;
    }

    private Parameter create(Description tensor, String name) {
        ZipDirectory.Entry entry = zip.entries().get(folder + tensor.key);
        if (entry == null) {
            throw Refusal.at(
                    name, "the tensor's data, entry " + folder + tensor.key + ", are missing");
        }
        int width = tensor.type.getNumOfBytes();
        if (!entry.stored()
                || entry.size()
                        != Math.multiplyFull(
                                (int) Math.min(tensor.elements, Integer.MAX_VALUE), width)) {
            throw Refusal.at(
                    name,
                    "the tensor claims "
                            + tensor.elements
                            + " elements of "
                            + width
                            + " bytes, its entry "
                            + entry.name()
                            + " holds "
                            + entry.size()
                            + (entry.stored() ? " bytes" : " packed bytes"));
        }
        long last = tensor.offset;
        boolean empty = false;
        try {
            for (int i = 0; i < tensor.shape.dimension(); i++) {
                long size = tensor.shape.get(i);
                empty |= size == 0;
                last = Math.addExact(last, Math.multiplyExact(size - 1, tensor.strides.get(i)));
            }
        } catch (ArithmeticException e) {
            last = Long.MAX_VALUE;
        }
        if (!empty && last >= tensor.elements) {
            throw Refusal.at(
                    name,
                    "the tensor's shape "
                            + tensor.shape
                            + " asks for more than its "
                            + tensor.elements
                            + " elements");
        }
        ByteBuffer bytes = zip.slice(entry);
        return new Parameter(
                name, tensor.shape, tensor.type, () -> elements(tensor, bytes.duplicate(), width));
    }

    private static ByteBuffer elements(Description tensor, ByteBuffer bytes, int width) {
        long count = tensor.shape.size();
        if (contiguous(tensor)) {
            return bytes.slice((int) tensor.offset * width, (int) count * width)
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer copy =
                ByteBuffer.allocateDirect((int) count * width).order(ByteOrder.LITTLE_ENDIAN);
        int rank = tensor.shape.dimension();
        long[] at = new long[rank];
        for (long n = 0; n < count; n++) {
            long element = tensor.offset;
            for (int i = 0; i < rank; i++) {
                element += at[i] * tensor.strides.get(i);
            }
            copy.put(bytes.slice((int) element * width, width));
            for (int i = rank - 1; i >= 0 && ++at[i] == tensor.shape.get(i); i--) {
                at[i] = 0;
            }
        }
        return copy.flip();
    }

    private static boolean contiguous(Description tensor) {
        long step = 1;
        for (int i = tensor.shape.dimension() - 1; i >= 0; i--) {
            if (tensor.shape.get(i) != 1 && tensor.strides.get(i) != step) {
                return false;
            }
            step *= tensor.shape.get(i);
        }
        return true;
    }
}
