package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a convolution over two axes, a batch norm behind it folded in, in the orders in
 * which oneDNN reads them forwards and backwards.
 */
final class PackedWeights {
    private final PlaneGeometry at;
    private final Node node;
    private final @Nullable Node norm;

    PackedWeights(PlaneGeometry at, Node node, @Nullable Node norm) {
        this.at = at;
        this.node = node;
        this.norm = norm;
    }

    /** Return the kernel with the batch norm in it. */
    Derived folded() {
        return derived(List.of(), "%k");
    }

    /** Return it as oneDNN wants it. */
    Derived packed() {
        String packed =
                reordered(
                        "%k",
                        at.padding,
                        at.operator.strides(),
                        at.operator.dilations(),
                        at.operator.groups(),
                        at.read);
        return derived(List.of(), packed);
    }

    /** Return the kernel of the reverse convolution of stride 1. */
    Derived turned() {
        long groups = at.operator.groups();
        long in = at.kernel[1] * groups;
        String parted =
                call(
                        "reshape",
                        call("flip", "%k", "[2, 3]"),
                        List.of(
                                groups,
                                at.kernel[0] / groups,
                                at.kernel[1],
                                at.kernel[2],
                                at.kernel[3]));
        String turned =
                "%t = "
                        + call(
                                "contiguous",
                                call(
                                        "reshape",
                                        call("transpose", parted, 1, 2),
                                        List.of(
                                                in,
                                                at.kernel[0] / groups,
                                                at.kernel[2],
                                                at.kernel[3])));
        String packed =
                reordered(
                        "%t",
                        at.turnedPadding(),
                        List.of(1L, 1L),
                        at.operator.dilations(),
                        groups,
                        at.made);
        return derived(List.of(turned), packed);
    }

    /** Return the kernel of the reverse convolution of greater strides. */
    Derived transposed() {
        String packed =
                "ops.mkldnn._reorder_convolution_transpose_weight("
                        + String.join(
                                ", ",
                                "%k",
                                at.padding.toString(),
                                List.of(at.extra(0), at.extra(1)).toString(),
                                at.operator.strides().toString(),
                                at.operator.dilations().toString(),
                                String.valueOf(at.operator.groups()),
                                Arrays.toString(at.made))
                        + ")";
        return derived(List.of(), packed);
    }

    private List<String> kernels(long stride) {
        long[] least = new long[2]; // where the slice of phase stride - 1 begins, may be negative
        List<Long> pads = new ArrayList<>();
        for (int i = 1; i >= 0; i--) {
            least[i] =
                    at.kernel[2 + i] - 1 - (stride - 1) - at.padding.get(i) + stride * at.first(i);
            long end = least[i] + stride - 1 + stride * (at.taps(i) - 1) + 1;
            pads.add(Math.max(0, -least[i]));
            pads.add(Math.max(0, end - at.kernel[2 + i]));
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
                                List.of(
                                        at.kernel[1] * stride * stride,
                                        at.kernel[0],
                                        at.taps(0),
                                        at.taps(1))));
        return lines;
    }

    private String slice(String in, int axis, long phase, long[] least, long stride) {
        long start = Math.max(0, least[axis]) + stride - 1 - phase;
        return call("slice", in, 2 + axis, start, start + stride * (at.taps(axis) - 1) + 1, stride);
    }

    /**
     * Return the kernel that computes each position of a stride as a channel.
     *
     * @param even whether oneDNN pads by itself
     */
    Derived phases(boolean even) {
        List<Long> before = at.phasesBefore();
        List<Long> after = at.phasesAfter();
        long[] input = at.made.clone();
        for (int i = 0; i < 2 && !even; i++) {
            input[2 + i] += before.get(i) + after.get(i);
        }
        List<Long> one = List.of(1L, 1L);
        String packed = reordered("%w", even ? before : List.of(0L, 0L), one, one, 1, input);
        return derived(kernels(at.operator.strides().get(0)), packed);
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
                        Arrays.toString(input))
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

    /** Return the bias, or {@code None}. */
    String bias(ScriptText text) {
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
}
