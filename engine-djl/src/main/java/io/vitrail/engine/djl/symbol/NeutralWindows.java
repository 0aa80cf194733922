package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Convolutions and pooling in neutral words. */
final class NeutralWindows {
    private static final Set<String> CHANNELS_FIRST = Set.of("None", "NCW", "NCHW", "NCDHW");

    private NeutralWindows() {}

    static @Nullable Neutral of(SymbolNode node, Shape in, Shape out) {
        Attributes a = new Attributes(node);
        if (!CHANNELS_FIRST.contains(a.text("layout", "None"))) {
            return null;
        }
        return switch (node.operator()) {
            case "Convolution", "Convolution_v1" -> convolution(a);
            case "Deconvolution" -> transposed(a);
            default -> {
                Operator operator = pool(a, in, out);
                yield operator == null ? null : Neutral.of(operator);
            }
        };
    }

    private static List<String> weights(Attributes a, boolean withoutBias) {
        return a.truth("no_bias", withoutBias) ? List.of("weight") : List.of("weight", "bias");
    }

    private static Neutral convolution(Attributes a) {
        int axes = a.tuple("kernel").size();
        List<Long> pad = a.tuple("pad", axes, 0);
        return new Neutral(
                new Operator.Convolution(
                        a.tuple("stride", axes, 1),
                        pad,
                        pad,
                        a.tuple("dilate", axes, 1),
                        a.whole("num_group", 1)),
                weights(a, false));
    }

    private static @Nullable Neutral transposed(Attributes a) {
        int axes = a.tuple("kernel").size();
        if (!a.tuple("target_shape").isEmpty()) {
            return null;
        }
        List<Long> pad = a.tuple("pad", axes, 0);
        List<Long> adjust = a.tuple("adj", axes, 0);
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            after.add(pad.get(i) - adjust.get(i));
        }
        return new Neutral(
                new Operator.TransposedConvolution(
                        a.tuple("stride", axes, 1),
                        pad,
                        after,
                        a.tuple("dilate", axes, 1),
                        a.whole("num_group", 1),
                        Layout.CHANNELS_FIRST),
                weights(a, true));
    }

    private static @Nullable Operator pool(Attributes a, Shape in, Shape out) {
        String type = a.text("pool_type", "max");
        String convention = a.text("pooling_convention", "valid");
        boolean max = type.equals("max");
        if (!max && !type.equals("avg") || !Set.of("valid", "full").contains(convention)) {
            return null;
        }
        int axes = in.dimension() - 2;
        List<Long> space = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            space.add(in.get(i + 2));
        }
        List<Long> ones = Collections.nCopies(axes, 1L);
        List<Long> zeros = Collections.nCopies(axes, 0L);
        if (a.truth("global_pool", false)) {
            // the kernel of a global pool means nothing
            return max
                    ? new Operator.MaxPool(space, ones, zeros, ones, false)
                    : new Operator.AdaptiveAveragePool(ones);
        }
        List<Long> kernel = a.tuple("kernel", axes, 1);
        List<Long> stride = a.tuple("stride", axes, 1);
        List<Long> pad = a.tuple("pad", axes, 0);
        boolean full = convention.equals("full");
        if (max) {
            List<Long> after = new ArrayList<>();
            for (int i = 0; i < axes; i++) {
                long reach = (out.get(i + 2) - 1) * stride.get(i) + kernel.get(i);
                after.add(
                        full
                                ? Math.max(pad.get(i), reach - space.get(i) - pad.get(i))
                                : pad.get(i));
            }
            return new Operator.MaxPool(
                    kernel, stride, pad, after, ones, false, Layout.CHANNELS_FIRST);
        }
        for (int i = 0; i < axes && full; i++) {
            if ((out.get(i + 2) - 1) * stride.get(i) >= space.get(i) + pad.get(i)) {
                return null; // a last window that lies in the padding alone: nobody else has it
            }
        }
        return new Operator.AveragePool(
                kernel, stride, pad, full, a.truth("count_include_pad", true));
    }
}
