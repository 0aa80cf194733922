package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A convolution over two axes as oneDNN runs it best: weights laid out once, a batch norm behind it
 * folded in, what follows fused to it; and its input gradient, which is a convolution too.
 *
 * <p>Texts are of arrays {@code (N, C, H, W)} that lie in memory with their channels last.
 */
final class PackedConvolution {
    private final PlaneGeometry at;
    private final PackedWeights weights;

    PackedConvolution(Graph graph, Node node, @Nullable Node norm) {
        this.at = new PlaneGeometry(graph, node);
        this.weights = new PackedWeights(at, node, norm);
    }

    Layout layout() {
        return at.operator.layout();
    }

    /** Return what it computes of its input. */
    String forward(String in, Fused fused, ScriptText text) {
        return "ops.mkldnn._convolution_pointwise("
                + String.join(
                        ", ",
                        padded(in),
                        text.weight(weights.packed()),
                        weights.bias(text),
                        at.padding.toString(),
                        at.operator.strides().toString(),
                        at.operator.dilations().toString(),
                        String.valueOf(at.operator.groups()),
                        fused.text())
                + ")";
    }

    /** Add what it computes of its input to another array, in place. */
    String addTo(String other, String in, boolean relu, ScriptText text) {
        return "ops.mkldnn._convolution_pointwise_("
                + String.join(
                        ", ",
                        other,
                        padded(in),
                        text.weight(weights.packed()),
                        weights.bias(text),
                        at.padding.toString(),
                        at.operator.strides().toString(),
                        at.operator.dilations().toString(),
                        String.valueOf(at.operator.groups()),
                        sum(relu))
                + ")";
    }

    private static String sum(boolean relu) {
        return "\"add\", 1., " + (relu ? "\"relu\"" : "None") + ", " + Fused.NO_SCALARS + ", \"\"";
    }

    private String padded(String in) {
        return at.even() ? in : Aten.pad(in, at.operator.before(), at.operator.after(), 0);
    }

    /**
     * Return the gradient at the input.
     *
     * @param gradient that at the output
     * @param relu whether only its positive part is wanted
     * @param input the expression of the input, asked for by {@link PlaneGeometry.Back#ATEN} alone
     */
    String gradient(String gradient, boolean relu, Supplier<String> input, ScriptText text) {
        Fused fused = relu ? Fused.RELU : Fused.NONE;
        String result =
                switch (at.back()) {
                    case TURNED ->
                            "ops.mkldnn._convolution_pointwise("
                                    + turnedArguments(gradient, text)
                                    + ", "
                                    + fused.text()
                                    + ")";
                    case TRANSPOSED ->
                            "ops.mkldnn._convolution_transpose_pointwise("
                                    + String.join(
                                            ", ",
                                            gradient,
                                            text.weight(weights.transposed()),
                                            "None",
                                            at.padding.toString(),
                                            List.of(at.extra(0), at.extra(1)).toString(),
                                            at.operator.strides().toString(),
                                            at.operator.dilations().toString(),
                                            String.valueOf(at.operator.groups()),
                                            fused.text())
                                    + ")";
                    case PHASES -> phased(gradient, fused, text);
                    case ATEN -> {
                        String own =
                                call(
                                                "convolution_backward",
                                                gradient,
                                                padded(input.get()),
                                                text.weight(weights.folded()),
                                                "None",
                                                at.operator.strides(),
                                                at.padding,
                                                at.operator.dilations(),
                                                "False",
                                                "[0, 0]",
                                                at.operator.groups(),
                                                "[True, False, False]")
                                        + "[0]";
                        yield relu ? call("relu_", own) : own;
                    }
                };
        return at.even() ? result : Aten.pad(result, negative(true), negative(false), 0);
    }

    private List<Long> negative(boolean before) {
        List<Long> pads = before ? at.operator.before() : at.operator.after();
        return pads.stream().map(pad -> -pad).toList();
    }

    /** Return whether {@link #gradientTo} is there. */
    boolean canAddGradient() {
        return at.back() == PlaneGeometry.Back.TURNED && at.even();
    }

    /** Add the gradient at the input to another array, in place. */
    String gradientTo(String other, String gradient, boolean relu, ScriptText text) {
        return "ops.mkldnn._convolution_pointwise_("
                + other
                + ", "
                + turnedArguments(gradient, text)
                + ", "
                + sum(relu)
                + ")";
    }

    private String turnedArguments(String gradient, ScriptText text) {
        return String.join(
                ", ",
                gradient,
                text.weight(weights.turned()),
                "None",
                at.turnedPadding().toString(),
                "[1, 1]",
                at.operator.dilations().toString(),
                String.valueOf(at.operator.groups()));
    }

    private String phased(String gradient, Fused fused, ScriptText text) {
        List<Long> before = at.phasesBefore();
        List<Long> after = at.phasesAfter();
        boolean even = before.equals(after) && before.stream().allMatch(pad -> pad >= 0);
        List<Long> own = even ? before : List.of(0L, 0L);
        String result =
                "ops.mkldnn._convolution_pointwise("
                        + String.join(
                                ", ",
                                even ? gradient : Aten.pad(gradient, before, after, 0),
                                text.weight(weights.phases(even)),
                                "None",
                                own.toString(),
                                "[1, 1]",
                                "[1, 1]",
                                "1",
                                fused.text())
                        + ")";
        return call("pixel_shuffle", result, at.operator.strides().get(0));
    }
}
