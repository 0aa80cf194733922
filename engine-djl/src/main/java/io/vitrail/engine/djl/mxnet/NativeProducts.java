package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Products in closed form of MXNet's own operators that move elements about. */
final class NativeProducts {
    private NativeProducts() {}

    /** Return the product of an operator with attributes in MXNet's spelling; null if taped. */
    static Kernel.@Nullable Product of(String operator, Map<String, String> attributes) {
        return switch (operator) {
            case "_copy" -> (x, y, heads) -> heads;
            case "expand_dims", "squeeze" ->
                    (x, y, heads) -> List.of(x.reshaped(heads.head(), x.x().getShape().getShape()));
            case "ones_like", "zeros_like" -> (x, y, heads) -> List.of();
            case "SwapAxis" ->
                    (x, y, heads) ->
                            List.of(x.calls(operator, new NDList(heads.head()), attributes).head());
            case "slice" ->
                    (x, y, heads) ->
                            List.of(put(x, heads, along(Operands.rank(x.x()), attributes)));
            case "slice_axis" -> (x, y, heads) -> List.of(put(x, heads, along(x.x(), attributes)));
            case "Pad" ->
                    attributes.getOrDefault("mode", "").equals("constant")
                            ? (x, y, heads) -> List.of(cut(x, heads.head(), attributes))
                            : null;
            default -> null;
        };
    }

    /** A slice's gradient stands where the slice was, in zeros; no gradient of that is wanted. */
    private static NDArray put(Operands x, NDList heads, Map<String, String> attributes) {
        String type = heads.head().getDataType().name().toLowerCase(Locale.ROOT);
        List<Long> sizes = LongStream.of(x.x().getShape().getShape()).boxed().toList();
        NDArray zeros = x.call("_zeros", new NDList(), "shape", sizes, "dtype", type);
        NDList both = new NDList(zeros, heads.head());
        return x.call("BlockGrad", x.calls("_slice_assign", both, attributes).head());
    }

    /** Return a slice along the first axes as one along all: left out, others come out as zeros. */
    private static Map<String, String> along(int rank, Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>();
        attributes.forEach(
                (name, text) -> {
                    List<String> given = new ArrayList<>(numbers(text));
                    String rest = name.equals("step") ? "1" : "None";
                    while (given.size() < rank) {
                        given.add(rest);
                    }
                    all.put(name, Calls.tuple(given));
                });
        return all;
    }

    private static List<String> numbers(String tuple) {
        return Arrays.stream(tuple.replaceAll("[\\[\\]()\\s]", "").split(","))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** Return a slice along one axis as one along all. */
    private static Map<String, String> along(NDArray in, Map<String, String> attributes) {
        int rank = Operands.rank(in);
        int axis = Math.floorMod(Integer.parseInt(attributes.getOrDefault("axis", "0")), rank);
        List<String> begin = new ArrayList<>(Collections.nCopies(rank, "None"));
        List<String> end = new ArrayList<>(begin);
        begin.set(axis, attributes.getOrDefault("begin", "None"));
        end.set(axis, attributes.getOrDefault("end", "None"));
        return Map.of("begin", Calls.tuple(begin), "end", Calls.tuple(end));
    }

    private static NDArray cut(Operands x, NDArray head, Map<String, String> attributes) {
        List<Long> all =
                numbers(attributes.getOrDefault("pad_width", "")).stream()
                        .map(Long::valueOf)
                        .toList();
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < all.size(); i += 2) {
            before.add(all.get(i));
            after.add(all.get(i + 1));
        }
        return Arrangements.crop(x, head, before, after);
    }
}
