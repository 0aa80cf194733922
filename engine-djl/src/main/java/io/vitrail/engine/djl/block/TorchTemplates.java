package io.vitrail.engine.djl.block;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Know the operator of libtorch behind each of DJL's array operations.
 *
 * <p>A template calls it with {@code @0} for the array that the call was made on and {@code @1},
 * {@code @2}, ... for what it was given.
 */
final class TorchTemplates {
    private static final String FRESH = "layout=None, device=None, pin_memory=None)";

    /** By name and number of arguments, the array itself counted. */
    private static final Map<String, String> FIXED = fixed();

    private TorchTemplates() {}

    /**
     * A call of libtorch.
     *
     * @param returns {@code tuple:2} or {@code list:3}; empty for one tensor
     */
    record Template(String text, String returns) {}

    /** Return the template of a call, or null if there is none. */
    static @Nullable Template of(Call call) {
        Template special = special(call);
        if (special != null) {
            return special;
        }
        String text = FIXED.get(call.method() + "/" + call.arguments().size());
        return text == null || call.results().size() != 1 ? null : new Template(text, "");
    }

    /** Calls whose spelling depends on what they are given. */
    private static @Nullable Template special(Call c) {
        return switch (c.method()) {
            case "max", "min" -> c.arguments().size() == 3 ? alongOne(c, ")[0]") : null;
            case "prod" -> c.arguments().size() == 3 ? alongOne(c, ")") : null;
            case "topK" -> new Template("torch.topk(@0, @1, @2, @3, @4)", "tuple:2");
            case "split" -> split(c);
            case "convolution" ->
                    new Template(
                            "torch.conv" + (c.rank(1) - 2) + "d(@1, @2, @3, @4, @5, @6, @7)", "");
            case "globalMaxPool" -> globalMaxPool(c);
            case "lstm" ->
                    new Template("torch.lstm(@1, @2, @3, @4, @5, 0., False, @8, @9)", "tuple:3");
            case "gru" ->
                    new Template("torch.gru(@1, @2, @3, @4, @5, 0., False, @8, @9)", "tuple:2");
            case "rnn" ->
                    new Template(
                            "torch.rnn_"
                                    + c.get(6).toString().toLowerCase(java.util.Locale.ROOT)
                                    + "(@1, @2, @3, @4, @5, 0., False, @9, @10)",
                            "tuple:2");
            case "interpolation" -> interpolation(c);
            default -> null;
        };
    }

    private static Template alongOne(Call c, String end) {
        return new Template("torch." + c.method() + "(@0, " + c.sizes(1).get(0) + ", @2" + end, "");
    }

    private static Template split(Call c) {
        int axis = c.axis(2, c.rank(0));
        String sizes =
                c.results().stream()
                        .map(part -> Long.toString(part.getShape().get(axis)))
                        .collect(Collectors.joining(", "));
        return new Template(
                "torch.split_with_sizes(@0, [" + sizes + "], " + axis + ")",
                "list:" + c.results().size());
    }

    /** One window over everything; the gradient goes to one of equal maxima. */
    private static Template globalMaxPool(Call c) {
        List<Long> window = Call.longs(c.shape(0).slice(2).getShape());
        return new Template(
                "torch.flatten(torch.max_pool" + window.size() + "d(@0, " + window + "), 1)", "");
    }

    /** Mode 0 takes the nearest pixel, mode 1 weighs two a side. */
    private static @Nullable Template interpolation(Call c) {
        if (c.rank(0) != 4 || c.truth(3)) {
            return null;
        }
        return switch (c.integer(2)) {
            case 0 -> new Template("torch.upsample_nearest2d(@0, @1, None, None)", "");
            case 1 -> new Template("torch.upsample_bilinear2d(@0, @1, False, None, None)", "");
            default -> null;
        };
    }

    private static Map<String, String> fixed() {
        Map<String, String> all = new HashMap<>();
        for (String same :
                List.of(
                        "relu", "sigmoid", "tanh", "selu", "neg", "abs", "square", "sqrt", "exp",
                        "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
                        "cosh", "sign", "floor", "ceil", "round", "trunc", "erf", "erfinv", "sum",
                        "mean", "max", "min", "prod", "inverse", "flatten")) {
            all.put(same + "/1", "torch." + same + "(@0)");
        }
        for (String same :
                List.of(
                        "add", "sub", "mul", "div", "pow", "maximum", "lt", "gt", "eq", "xlogy",
                        "atan2", "dot", "minimum")) {
            all.put(same + "/2", "torch." + same + "(@0, @1)");
        }
        all.put("neq/2", "torch.ne(@0, @1)");
        all.put("gte/2", "torch.ge(@0, @1)");
        all.put("lte/2", "torch.le(@0, @1)");
        all.put("mod/2", "torch.remainder(@0, @1)");
        all.put("matMul/2", "torch.matmul(@0, @1)");
        all.put("batchMatMul/2", "torch.bmm(@0, @1)");
        all.put("logicalAnd/2", "torch.logical_and(@0, @1)");
        all.put("logicalOr/2", "torch.logical_or(@0, @1)");
        all.put("logicalXor/2", "torch.logical_xor(@0, @1)");
        all.put("logicalNot/1", "torch.logical_not(@0)");
        all.put("isNaN/1", "torch.isnan(@0)");
        all.put("isInfinite/1", "torch.isinf(@0)");
        all.put("gammaln/1", "torch.lgamma(@0)");
        all.put("clip/3", "torch.clamp(@0, @1, @2)");
        all.put("sum/3", "torch.sum(@0, @1, @2)");
        all.put("mean/3", "torch.mean(@0, @1, @2)");
        all.put("norm/2", "torch.norm(@0, 2, annotate(List[int], []), @1)");
        all.put("norm/4", "torch.norm(@0, @1, @2, @3)");
        all.put("cumSum/2", "torch.cumsum(@0, @1)");
        all.put("reshape/2", "torch.reshape(@0, @1)");
        all.put("broadcast/2", "torch.expand(@0, @1)");
        all.put("tile/2", "torch.repeat(@0, @1)");
        all.put("flip/2", "torch.flip(@0, @1)");
        all.put("repeat/3", "torch.repeat_interleave(@0, @2, @1)");
        all.put("diagonal/4", "torch.diagonal(@0, @1, @2, @3)");
        all.put("argMax/2", "torch.argmax(@0, @1, False)");
        all.put("argMin/2", "torch.argmin(@0, @1, False)");
        all.put("toType/3", "torch.to(@0, @1, False, @2, None)");
        all.put("stopGradient/1", "torch.detach(@0)");
        all.put("gather/3", "torch.gather(@0, @2, @1)");
        all.put("where/3", "torch.where(@1, @0, @2)");
        all.put("stack/3", "torch.stack(@1, @2)");
        all.put("linear/4", "torch.linear(@1, @2, @3)");
        all.put("layerNorm/6", "torch.layer_norm(@1, @2, @3, @4, @5, False)");
        all.put("embedding/4", "torch.embedding(@2, torch.to(@1, 4, False, False, None))");
        all.put(
                "oneHot/3",
                "torch.to(torch.one_hot(torch.to(@0, 4, False, False, None), @1), @2, False, False, None)");
        all.put("zeros/2", "torch.zeros(@0, dtype=@1, " + FRESH);
        all.put("ones/2", "torch.ones(@0, dtype=@1, " + FRESH);
        all.put("full/3", "torch.full(@0, @1, dtype=@2, " + FRESH);
        return Map.copyOf(all);
    }
}
