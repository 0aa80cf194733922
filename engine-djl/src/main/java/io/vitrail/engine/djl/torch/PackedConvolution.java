package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.NodeText.number;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution over two axes as oneDNN runs it best: weights laid out once, a batch norm behind it
 * folded in, what follows fused to it; and its input gradient, which is a convolution too.
 *
 * <p>Texts are of arrays {@code (N, C, H, W)} that lie in memory with their channels last.
 */
final class PackedConvolution {
    /** The empty list of scalars, in the one spelling that compiles. */
    private static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

    /** How the input gradient is computed. */
    enum Back {
        /** Stride 1: a convolution with the kernel turned round. */
        TURNED,
        /** A transposed convolution. */
        TRANSPOSED,
        /**
         * A convolution that computes every position of a stride as a channel: several times as
         * fast as the transposed one where the image has a few channels and the kernel is wide.
         */
        PHASES,
        /** Libtorch's own, which reads the convolution's input. */
        ATEN
    }

    private final Operator.Convolution operator;
    private final Node node;
    private final @Nullable Node norm;
    private final long[] kernel; // out, in / groups, height, width
    private final long[] read; // N, C, H, W; padded, where the two sides differ
    private final long[] made;
    private final List<Long> padding; // of oneDNN's own

    PackedConvolution(Graph graph, Node node, @Nullable Node norm) {
        this.operator = (Operator.Convolution) node.operator();
        this.node = node;
        this.norm = norm;
        this.kernel = node.parameters().get("weight").shape().getShape();
        this.read = channelsFirst(graph.type(node.inputs().get(0)).shape());
        this.made = channelsFirst(node.outputs().get(0).shape());
        this.padding = even() ? operator.before() : List.of(0L, 0L);
        if (!even()) {
            for (int i = 0; i < 2; i++) {
                read[2 + i] += operator.before().get(i) + operator.after().get(i);
            }
        }
    }

    private boolean even() {
        return operator.before().equals(operator.after())
                && operator.before().stream().allMatch(pad -> pad >= 0);
    }

    private long[] channelsFirst(Shape shape) {
        long[] s = shape.getShape();
        return operator.layout() == Layout.CHANNELS_FIRST
                ? s.clone()
                : new long[] {s[0], s[3], s[1], s[2]};
    }

    Layout layout() {
        return operator.layout();
    }

    /** Return what it computes of its input. */
    String forward(String in, Fused fused, ScriptText text) {
        return "ops.mkldnn._convolution_pointwise("
                + String.join(
                        ", ",
                        padded(in),
                        text.weight(packed()),
                        bias(text),
                        padding.toString(),
                        operator.strides().toString(),
                        operator.dilations().toString(),
                        String.valueOf(operator.groups()),
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
                        text.weight(packed()),
                        bias(text),
                        padding.toString(),
                        operator.strides().toString(),
                        operator.dilations().toString(),
                        String.valueOf(operator.groups()),
                        sum(relu))
                + ")";
    }

    private static String sum(boolean relu) {
        return "\"add\", 1., " + (relu ? "\"relu\"" : "None") + ", " + NO_SCALARS + ", \"\"";
    }

    private String padded(String in) {
        return even() ? in : Aten.pad(in, operator.before(), operator.after(), 0);
    }

    Back back() {
        boolean unit = operator.strides().equals(List.of(1L, 1L));
        if (unit && turnedPadding().stream().allMatch(pad -> pad >= 0)) {
            return Back.TURNED;
        }
        if (operator.groups() != 1 || extra(0) < 0 || extra(1) < 0) {
            return Back.ATEN;
        }
        long stride = operator.strides().get(0);
        boolean square =
                operator.strides().get(1) == stride
                        && operator.dilations().equals(List.of(1L, 1L))
                        && read[2] % stride == 0
                        && read[3] % stride == 0;
        boolean wide = kernel[2] > 2 * stride && kernel[3] > 2 * stride;
        return square && stride > 1 && kernel[1] <= 4 && wide ? Back.PHASES : Back.TRANSPOSED;
    }

    /**
     * Return the gradient at the input.
     *
     * @param gradient that at the output
     * @param relu whether only its positive part is wanted
     * @param input the expression of the input, asked for by {@link Back#ATEN} alone
     */
    String gradient(
            String gradient,
            boolean relu,
            java.util.function.Supplier<String> input,
            ScriptText text) {
        Fused fused = relu ? Fused.RELU : Fused.NONE;
        String result =
                switch (back()) {
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
                                            text.weight(transposed()),
                                            "None",
                                            padding.toString(),
                                            List.of(extra(0), extra(1)).toString(),
                                            operator.strides().toString(),
                                            operator.dilations().toString(),
                                            String.valueOf(operator.groups()),
                                            fused.text())
                                    + ")";
                    case PHASES -> phased(gradient, fused, text);
                    case ATEN -> {
                        String own =
                                call(
                                                "convolution_backward",
                                                gradient,
                                                padded(input.get()),
                                                text.weight(folded()),
                                                "None",
                                                operator.strides(),
                                                padding,
                                                operator.dilations(),
                                                "False",
                                                "[0, 0]",
                                                operator.groups(),
                                                "[True, False, False]")
                                        + "[0]";
                        yield relu ? call("relu_", own) : own;
                    }
                };
        return even() ? result : Aten.pad(result, negative(true), negative(false), 0);
    }

    private List<Long> negative(boolean before) {
        List<Long> pads = before ? operator.before() : operator.after();
        return pads.stream().map(pad -> -pad).toList();
    }

    /** Return whether {@link #gradientTo} is there. */
    boolean canAddGradient() {
        return back() == Back.TURNED && even();
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
                text.weight(turned()),
                "None",
                turnedPadding().toString(),
                "[1, 1]",
                operator.dilations().toString(),
                String.valueOf(operator.groups()));
    }

    private List<Long> turnedPadding() {
        List<Long> turned = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            turned.add(operator.dilations().get(i) * (kernel[2 + i] - 1) - padding.get(i));
        }
        return turned;
    }

    /** Positions at the end of an axis that no window reached. */
    private long extra(int axis) {
        long covered =
                (made[2 + axis] - 1) * operator.strides().get(axis)
                        - 2 * padding.get(axis)
                        + operator.dilations().get(axis) * (kernel[2 + axis] - 1)
                        + 1;
        return read[2 + axis] - covered;
    }

    private String phased(String gradient, Fused fused, ScriptText text) {
        long stride = operator.strides().get(0);
        long[] from = {first(0), first(1)}; // the first output that an input reads, before it
        List<Long> before = List.of(-from[0], -from[1]);
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            after.add(read[2 + i] / stride - 1 + from[i] + taps(i) - made[2 + i]);
        }
        boolean even = before.equals(after) && before.stream().allMatch(pad -> pad >= 0);
        String in = even ? gradient : Aten.pad(gradient, before, after, 0);
        List<Long> own = even ? before : List.of(0L, 0L);
        long[] shape = {
            made[0],
            made[1],
            even ? made[2] : made[2] + before.get(0) + after.get(0),
            even ? made[3] : made[3] + before.get(1) + after.get(1)
        };
        String packed = reordered("%w", own, List.of(1L, 1L), List.of(1L, 1L), 1, shape);
        String result =
                "ops.mkldnn._convolution_pointwise("
                        + String.join(
                                ", ",
                                in,
                                text.weight(derived(phases(stride), packed)),
                                "None",
                                own.toString(),
                                "[1, 1]",
                                "[1, 1]",
                                "1",
                                fused.text())
                        + ")";
        return call("pixel_shuffle", result, stride);
    }

    /** Outputs y = q + d read input q * stride + r where kernel r + p - stride * d is one. */
    private long first(int axis) {
        long stride = operator.strides().get(0);
        return -Math.floorDiv(kernel[2 + axis] - 1 - padding.get(axis), stride);
    }

    private long taps(int axis) {
        long stride = operator.strides().get(0);
        return Math.floorDiv(stride - 1 + padding.get(axis), stride) - first(axis) + 1;
    }

    private List<String> phases(long stride) {
        long[] least = new long[2]; // where the slice of phase stride - 1 begins, may be negative
        List<Long> pads = new ArrayList<>();
        for (int i = 1; i >= 0; i--) {
            least[i] = kernel[2 + i] - 1 - (stride - 1) - padding.get(i) + stride * first(i);
            long end = least[i] + stride - 1 + stride * (taps(i) - 1) + 1;
            pads.add(Math.max(0, -least[i]));
            pads.add(Math.max(0, end - kernel[2 + i]));
        }
        List<String> lines = new ArrayList<>();
        lines.add("%g = " + call("constant_pad_nd", call("flip", "%k", "[2, 3]"), pads, "0."));
        List<String> all = new ArrayList<>();
        for (long r = 0; r < stride; r++) {
            for (long c = 0; c < stride; c++) {
                all.add(slice(slice("%g", 0, r, least, stride), 1, c, least, stride));
            }
        }
        lines.add("%s = " + call("permute", call("stack", all, 0), "[2, 0, 1, 3, 4]"));
        lines.add(
                "%w = "
                        + call(
                                "reshape",
                                "%s",
                                List.of(kernel[1] * stride * stride, kernel[0], taps(0), taps(1))));
        return lines;
    }

    private String slice(String in, int axis, long phase, long[] least, long stride) {
        long start = Math.max(0, least[axis]) + stride - 1 - phase;
        return call("slice", in, 2 + axis, start, start + stride * (taps(axis) - 1) + 1, stride);
    }

    private Derived folded() {
        return derived(List.of(), "%k");
    }

    private Derived packed() {
        String packed =
                reordered(
                        "%k",
                        padding, operator.strides(), operator.dilations(), operator.groups(), read);
        return derived(List.of(), packed);
    }

    private Derived turned() {
        long groups = operator.groups();
        long in = kernel[1] * groups;
        String parted =
                call(
                        "reshape",
                        call("flip", "%k", "[2, 3]"),
                        List.of(groups, kernel[0] / groups, kernel[1], kernel[2], kernel[3]));
        String turned =
                "%t = "
                        + call(
                                "contiguous",
                                call(
                                        "reshape",
                                        call("transpose", parted, 1, 2),
                                        List.of(in, kernel[0] / groups, kernel[2], kernel[3])));
        String packed =
                reordered(
                        "%t", turnedPadding(), List.of(1L, 1L), operator.dilations(), groups, made);
        return derived(List.of(turned), packed);
    }

    private Derived transposed() {
        String packed =
                "ops.mkldnn._reorder_convolution_transpose_weight("
                        + String.join(
                                ", ",
                                "%k",
                                padding.toString(),
                                List.of(extra(0), extra(1)).toString(),
                                operator.strides().toString(),
                                operator.dilations().toString(),
                                String.valueOf(operator.groups()),
                                java.util.Arrays.toString(made))
                        + ")";
        return derived(List.of(), packed);
    }

    private static String reordered(
            String weight,
            List<Long> padding,
            List<Long> strides,
            List<Long> dilations,
            long groups,
            long[] input) {
        return "ops.mkldnn._reorder_convolution_weight("
                + String.join(
                        ", ",
                        weight,
                        padding.toString(),
                        strides.toString(),
                        dilations.toString(),
                        String.valueOf(groups),
                        java.util.Arrays.toString(input))
                + ")";
    }

    /** Return a weight made of the kernel {@code %k}, into which the batch norm is folded. */
    private Derived derived(List<String> lines, String result) {
        List<Parameter> sources = new ArrayList<>(List.of(node.parameters().get("weight")));
        List<String> all = new ArrayList<>();
        if (norm == null) {
            all.add("%k = torch.contiguous($0)");
        } else {
            all.add("%f = " + NormFactors.factor(norm, sources));
            all.add(
                    "%k = "
                            + call(
                                    "contiguous",
                                    NormFactors.rounded(
                                            call(
                                                    "mul",
                                                    "$0",
                                                    call("reshape", "%f", "[-1, 1, 1, 1]")))));
        }
        all.addAll(lines);
        all.add(result);
        return new Derived(sources, all);
    }

    private String bias(ScriptText text) {
        Parameter bias = node.parameters().get("bias");
        if (norm == null) {
            return bias == null ? "None" : text.weight(bias);
        }
        List<Parameter> sources = new ArrayList<>();
        String factor = NormFactors.factor(norm, sources);
        String centred = NormFactors.centred(norm, bias, sources);
        return text.weight(
                new Derived(
                        sources,
                        List.of(
                                "%f = " + factor,
                                NormFactors.rounded(
                                        NormFactors.shifted(
                                                norm, call("mul", centred, "%f"), sources)))));
    }

    /** What oneDNN computes of each element while it is at hand. */
    record Fused(String text) {
        static final Fused NONE = of("none");
        static final Fused RELU = of("relu");

        static Fused of(String function) {
            return new Fused("\"" + function + "\", " + NO_SCALARS + ", \"\"");
        }

        static Fused of(String function, double... scalars) {
            List<String> numbers = new ArrayList<>();
            for (double scalar : scalars) {
                numbers.add(number(scalar));
            }
            return new Fused(
                    "\""
                            + function
                            + "\", annotate(List[Optional[number]], "
                            + numbers
                            + "), \"\"");
        }
    }
}
