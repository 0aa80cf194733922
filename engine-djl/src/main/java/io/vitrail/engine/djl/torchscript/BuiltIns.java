package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vitrail.engine.djl.torch.BFloat16;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Call what the code gets from the language: arithmetic on numbers, lists and texts, questions
 * about tensors, and operators on tensors, which are recorded.
 */
final class BuiltIns {
    /** torch's numbers for element types. */
    private static final Map<DataType, Long> TYPE_CODES =
            Map.of(
                    DataType.UINT8, 0L,
                    DataType.INT8, 1L,
                    DataType.INT32, 3L,
                    DataType.INT64, 4L,
                    DataType.FLOAT16, 5L,
                    DataType.FLOAT32, 6L,
                    DataType.FLOAT64, 7L,
                    DataType.BOOLEAN, 11L,
                    DataType.BFLOAT16, 15L);

    private final Recorder recorder;
    private final TensorCalls tensors;

    BuiltIns(Recorder recorder, TensorCalls tensors) {
        this.recorder = recorder;
        this.tensors = tensors;
    }

    /**
     * Call a function of the language by its path: {@code torch.add}, {@code ops.prim.NumToTensor},
     * {@code int}.
     */
    @Nullable Object call(String path, Arguments a, String place) {
        int dot = path.lastIndexOf('.');
        String space = dot < 0 ? "" : path.substring(0, dot);
        String name = path.substring(dot + 1);
        if (space.isEmpty()) {
            return languageCall(name, a, place);
        }
        if (space.equals("ops.prim")) {
            return primitive(name, a, place);
        }
        Object asked = question(name, a, place);
        if (asked != NO_ANSWER) {
            return asked;
        }
        String operators = space.equals("ops.aten") ? "torch" : space;
        if (operators.equals("torch") && !hasTensor(a)) {
            Object computed = Scalars.call(name, a, recorder.limits(), place);
            if (computed != Scalars.UNKNOWN) {
                return computed;
            }
        }
        return tensors.call(operators, name, a, place);
    }

    private static boolean hasTensor(Arguments a) {
        for (Object argument : a.positional()) {
            if (argument instanceof Traced
                    || argument instanceof List<?> list
                            && list.stream().anyMatch(Traced.class::isInstance)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Object languageCall(String name, Arguments a, String place) {
        Object value = a.get(0);
        return switch (name) {
            case "int" -> whole(value, place);
            case "float" -> fraction(value, place);
            case "bool" -> truth(value, place);
            case "str" -> String.valueOf(value);
            case "range" -> range(a, place);
            case "device" -> new Interpreter.DeviceName("torch.device(\"" + value + "\")");
            default -> throw unknown(name, place);
        };
    }

    private @Nullable Object primitive(String name, Arguments a, String place) {
        Object value = a.get(0);
        return switch (name) {
            case "RaiseException" ->
                    throw Refusal.at(
                            place,
                            "the model itself refuses: " + value,
                            "feed the shape and type that the model was made for");
            case "NumToTensor" -> tensors.number((Number) Objects.requireNonNull(value), place);
            case "dtype" -> typeCode(value, place);
            case "device" -> new Interpreter.DeviceName("torch.device(\"cpu\")");
            case "layout" -> 0L;
            case "is_cuda", "is_quantized", "requires_grad", "is_nested", "is_sparse" -> false;
            case "data" -> value;
            case "min", "max", "abs" -> Scalars.call(name, a, recorder.limits(), place);
            default -> throw unknown("prim::" + name, place);
        };
    }

    private static final Object NO_ANSWER = new Object();

    /** Answer questions about tensors and lists, and change lists. */
    private @Nullable Object question(String name, Arguments a, String place) {
        Object value = a.get(0);
        switch (name) {
            case "__is__" -> {
                return value == a.get(1);
            }
            case "__isnot__" -> {
                return value != a.get(1);
            }
            case "__not__" -> {
                return !truth(value, place);
            }
            case "device" -> {
                return new Interpreter.DeviceName("torch.device(\"" + value + "\")");
            }
            case "warn", "manual_seed" -> {
                return null;
            }
            case "append" -> {
                recorder.limits().items(1, place);
                list(value, place).add(a.get(1));
                return value;
            }
            case "extend" -> {
                List<@Nullable Object> more = list(a.get(1), place);
                recorder.limits().items(more.size(), place);
                list(value, place).addAll(more);
                return null;
            }
            default -> {}
        }
        if (!(value instanceof Traced tensor)) {
            return NO_ANSWER;
        }
        switch (name) {
            case "size" -> {
                List<Object> sizes = new ArrayList<>();
                for (long size : recorder.shape(tensors.value(tensor)).getShape()) {
                    sizes.add(size);
                }
                return a.has(1) ? item(sizes, a.get(1), place) : sizes;
            }
            case "dim" -> {
                return (long) recorder.rank(tensors.value(tensor));
            }
            case "len" -> {
                return recorder.shape(tensors.value(tensor)).get(0);
            }
            case "numel" -> {
                return recorder.shape(tensors.value(tensor)).size();
            }
            case "is_floating_point" -> {
                return BFloat16.type(recorder.array(tensors.value(tensor))).isFloating();
            }
            case "is_contiguous", "is_complex", "is_grad_enabled" -> {
                return name.equals("is_contiguous");
            }
            case "item" -> {
                NDArray array = read(tensor);
                return array.getDataType().isFloating()
                        ? fraction(tensor, place)
                        : (Object) whole(tensor, place);
            }
            case "Int", "IntImplicit" -> {
                return whole(tensor, place);
            }
            case "Float", "FloatImplicit" -> {
                return fraction(tensor, place);
            }
            case "Bool", "is_nonzero" -> {
                return truth(tensor, place);
            }
            default -> {
                return NO_ANSWER;
            }
        }
    }

    private Long typeCode(@Nullable Object value, String place) {
        if (value instanceof Traced tensor) {
            Long code = TYPE_CODES.get(BFloat16.type(recorder.array(tensors.value(tensor))));
            if (code != null) {
                return code;
            }
        }
        throw Refusal.at(
                place, "the element type of something is asked that has none that is read");
    }

    private NDArray read(Traced tensor) {
        tensors.read(tensor);
        return recorder.array(tensors.value(tensor));
    }

    /** Return whether a value counts as true; reads a tensor's value. */
    boolean truth(@Nullable Object value, String place) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Traced tensor) {
            return tensor.number != null
                    ? tensor.number.doubleValue() != 0
                    : scalar(read(tensor), place) != 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        throw Refusal.at(place, "a truth value is expected");
    }

    private Long whole(@Nullable Object value, String place) {
        if (value instanceof Traced tensor) {
            return tensor.number != null
                    ? tensor.number.longValue()
                    : (long) scalar(read(tensor), place);
        }
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw Refusal.at(place, "a number is expected");
    }

    private Double fraction(@Nullable Object value, String place) {
        if (value instanceof Traced tensor) {
            return tensor.number != null
                    ? tensor.number.doubleValue()
                    : scalar(read(tensor), place);
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw Refusal.at(place, "a number is expected");
    }

    private static double scalar(NDArray array, String place) {
        if (array.size() != 1) {
            throw Refusal.at(
                    place, "a tensor of " + array.size() + " elements is used as one number");
        }
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.getDouble();
        }
    }

    private List<Object> range(Arguments a, String place) {
        boolean one = a.positional().size() == 1;
        long from = one ? 0 : a.integer(0, 0);
        long to = one ? a.integer(0, 0) : a.integer(1, 0);
        long step = a.integer(2, 1);
        if (step == 0) {
            throw Refusal.at(place, "a range has a step of 0");
        }
        double count = Math.max(0, Math.ceil(((double) to - from) / step));
        recorder.limits().items((long) count, place);
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(from + i * step);
        }
        return numbers;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> list(@Nullable Object value, String place) {
        if (value instanceof List<?>) {
            return (List<@Nullable Object>) value;
        }
        throw Refusal.at(place, "a list is expected");
    }

    /** Return an item of a list, tuple, dictionary or text. */
    @Nullable Object item(@Nullable Object of, @Nullable Object index, String place) {
        if (of instanceof Map<?, ?> map) {
            return map.get(index);
        }
        List<?> items =
                of instanceof Interpreter.Group group
                        ? group.items()
                        : of instanceof List<?> list ? list : List.of();
        long at = whole(index, place);
        long position = at < 0 ? at + items.size() : at;
        if (position < 0 || position >= items.size()) {
            throw Refusal.at(place, "there is no item " + at + " among " + items.size());
        }
        return items.get((int) position);
    }

    private static Refusal unknown(String name, String place) {
        return Refusal.at(
                place,
                "'" + name + "' is not understood",
                "report the model's code at this place; its author can replace it");
    }
}
