package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.mxnet.NativeCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Spell calls as MXNet's operators. */
final class MxNetCalls {
    /** Calls with a number, and the operator that takes it as {@code scalar}. */
    private static final Map<String, String> WITH_NUMBER =
            Map.ofEntries(
                    Map.entry("div", "_div_scalar"),
                    Map.entry("rsub", "_rminus_scalar"),
                    Map.entry("rdiv", "_rdiv_scalar"),
                    Map.entry("rpow", "_rpower_scalar"),
                    Map.entry("rmod", "_rmod_scalar"),
                    Map.entry("pow", "_power_scalar"),
                    Map.entry("mod", "_mod_scalar"),
                    Map.entry("gt", "_greater_scalar"),
                    Map.entry("gte", "_greater_equal_scalar"),
                    Map.entry("lt", "_lesser_scalar"),
                    Map.entry("lte", "_lesser_equal_scalar"),
                    Map.entry("eq", "_equal_scalar"),
                    Map.entry("neq", "_not_equal_scalar"));

    /** Calls with another array of the same type. */
    private static final Map<String, String> WITH_ARRAY =
            Map.of(
                    "pow", "broadcast_power",
                    "maximum", "broadcast_maximum",
                    "minimum", "broadcast_minimum",
                    "gt", "broadcast_greater",
                    "gte", "broadcast_greater_equal",
                    "lt", "broadcast_lesser",
                    "lte", "broadcast_lesser_equal");

    /** Calls of an array alone. */
    private static final Map<String, String> ALONE =
            Map.ofEntries(
                    Map.entry("sin", "sin"),
                    Map.entry("cos", "cos"),
                    Map.entry("tan", "tan"),
                    Map.entry("asin", "arcsin"),
                    Map.entry("acos", "arccos"),
                    Map.entry("atan", "arctan"),
                    Map.entry("sinh", "sinh"),
                    Map.entry("cosh", "cosh"),
                    Map.entry("log2", "log2"),
                    Map.entry("log10", "log10"),
                    Map.entry("floor", "floor"),
                    Map.entry("ceil", "ceil"),
                    Map.entry("trunc", "trunc"),
                    Map.entry("erf", "erf"),
                    Map.entry("sign", "sign"),
                    Map.entry("stopGradient", "BlockGrad"));

    /** Calls that make an array of one number. */
    private static final Map<String, String> FILLING = Map.of("zeros", "_zeros", "ones", "_ones");

    private static final NDIndexSlice ALL = new NDIndexSlice(null, null, null);

    private MxNetCalls() {}

    /** Return a call as one of MXNet's operators, or null if its meaning is not known here. */
    static Dialect.@Nullable Own of(Call c) {
        String name = c.method();
        if (fills(name)) {
            return filling(c);
        }
        if (!c.isArray(0)) {
            return null;
        }
        if (MxNetSequences.MODES.contains(name)) {
            return MxNetSequences.of(c);
        }
        int given = c.arguments().size() - 1;
        if (name.equals("split") && given == 2) {
            return split(c);
        }
        if (c.results().size() != 1) {
            return null;
        }
        if (given == 1 && c.isNumber(1) && WITH_NUMBER.containsKey(name)) {
            return own(WITH_NUMBER.get(name), c.arrays(), Map.of("scalar", "" + c.number(1)));
        }
        if (given == 1 && c.isArray(1) && WITH_ARRAY.containsKey(name)) {
            return own(WITH_ARRAY.get(name), c.arrays(), Map.of());
        }
        if (given == 0 && ALONE.containsKey(name)) {
            return own(ALONE.get(name), c.arrays(), Map.of());
        }
        return switch (name) {
            case "sum", "max", "min", "prod" ->
                    given == 2
                            ? own(
                                    name,
                                    List.of(c.array(0)),
                                    Map.of(
                                            "axis",
                                            tuple(c.sizes(1)),
                                            "keepdims",
                                            c.truth(2) ? "True" : "False"))
                            : given == 0 ? own(name, List.of(c.array(0)), Map.of()) : null;
            case "globalMaxPool" -> // the axes of space are gone
                    own("max", List.of(c.array(0)), Map.of("axis", space(c.rank(0))));
            case "stack" ->
                    own(
                            "stack",
                            c.list(1),
                            Map.of("axis", "" + c.integer(2), "num_args", "" + c.list(1).size()));
            case "where" -> own("where", List.of(c.array(1), c.array(0), c.array(2)), Map.of());
            case "embedding" -> embedding(c);
            case "get" -> slice(c);
            case "toType" -> own("Cast", c.arrays(), Map.of("dtype", type((DataType) c.get(1))));
            case "flip" -> own("reverse", c.arrays(), Map.of("axis", tuple(c.axes(1, c.rank(0)))));
            case "tile" ->
                    given == 1 && c.get(1) instanceof long[]
                            ? own(name, c.arrays(), Map.of("reps", tuple(c.sizes(1))))
                            : null;
            case "broadcast" -> own("broadcast_to", c.arrays(), Map.of("shape", tuple(c.sizes(1))));
            case "cumSum" ->
                    given == 1
                            ? own(
                                    "_np_cumsum",
                                    c.arrays(),
                                    Map.of("axis", "" + c.axis(1, c.rank(0))))
                            : null;
            case "repeat" ->
                    given == 2 && c.isNumber(1)
                            ? own(
                                    name,
                                    c.arrays(),
                                    Map.of(
                                            "axis",
                                            "" + c.axis(1, c.rank(0)),
                                            "repeats",
                                            "" + c.integer(2)))
                            : null;
            default -> null;
        };
    }

    private static Dialect.Own embedding(Call c) {
        Map<String, String> sizes = new LinkedHashMap<>();
        sizes.put("input_dim", "" + c.shape(2).get(0));
        sizes.put("output_dim", "" + c.shape(2).get(1));
        return own("Embedding", List.of(c.array(1), c.array(2)), sizes);
    }

    /** Return whether a call fills an array by an operator. */
    static boolean fills(String call) {
        return FILLING.containsKey(call);
    }

    private static Dialect.@Nullable Own filling(Call c) {
        return c.arguments().size() == 2 && c.get(1) instanceof DataType type
                ? own(
                        FILLING.get(c.method()),
                        List.of(),
                        Map.of("shape", tuple(c.sizes(0)), "dtype", type(type)))
                : null;
    }

    private static String type(DataType type) {
        return type == DataType.BOOLEAN ? "bool" : type.name().toLowerCase(Locale.ROOT);
    }

    /** MXNet wants to know where each part begins, the first one too. */
    private static Dialect.Own split(Call c) {
        int axis = c.axis(2, c.rank(0));
        List<Long> begins = new ArrayList<>();
        long begin = 0;
        for (NDArray part : c.results()) {
            begins.add(begin);
            begin += part.getShape().get(axis);
        }
        return own(
                "_split_v2",
                List.of(c.array(0)),
                Map.of("indices", tuple(begins), "axis", "" + axis, "squeeze_axis", "False"));
    }

    /** Slices only: what also drops axes takes a detour. */
    private static Dialect.@Nullable Own slice(Call c) {
        if (!(c.get(c.arguments().size() - 1) instanceof NDIndex index)) {
            return null;
        }
        List<String> begin = new ArrayList<>();
        List<String> end = new ArrayList<>();
        List<String> step = new ArrayList<>();
        for (int i = 0; i < index.getIndices().size(); i++) {
            for (int n = index.getRank(); i == index.getEllipsisIndex() && n < c.rank(0); n++) {
                begin.add("None");
                end.add("None");
                step.add("1");
            }
            NDIndexElement element = index.getIndices().get(i);
            NDIndexSlice slice = element instanceof NDIndexSlice cut ? cut : ALL;
            if (slice == ALL && !(element instanceof NDIndexAll)) {
                return null;
            }
            begin.add(slice.getMin() == null ? "None" : slice.getMin().toString());
            end.add(slice.getMax() == null ? "None" : slice.getMax().toString());
            step.add(slice.getStep() == null ? "1" : slice.getStep().toString());
        }
        return own(
                "slice",
                List.of(c.array(0)),
                Map.of("begin", tuple(begin), "end", tuple(end), "step", tuple(step)));
    }

    static String tuple(List<?> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ",)"));
    }

    private static String space(int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 2; axis < rank; axis++) {
            axes.add(axis);
        }
        return tuple(axes);
    }

    static Dialect.Own own(String name, List<Recorded> read, Map<String, String> attributes) {
        return joining(name, read.stream().map(List::of).toList(), attributes);
    }

    /**
     * Return an operator.
     *
     * @param read its operands, each the elements of some arrays in one row, or one array as it is
     */
    static Dialect.Own joining(
            String name, List<List<Recorded>> read, Map<String, String> attributes) {
        List<Recorded> inputs = new ArrayList<>();
        Map<String, Parameter> weights = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        for (List<Recorded> operand : read) {
            List<String> parts = new ArrayList<>();
            for (Recorded array : operand) {
                if (array.origin() instanceof Recorded.Weight weight) {
                    parts.add("p" + weights.size());
                    weights.put("p" + weights.size(), weight.parameter());
                } else {
                    parts.add("x" + inputs.size());
                    inputs.add(array);
                }
            }
            order.add(String.join("+", parts));
        }
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.put(NativeCall.ORDER, String.join(" ", order));
        return new Dialect.Own(new Operator.Native("mxnet", name, all), inputs, weights);
    }
}
