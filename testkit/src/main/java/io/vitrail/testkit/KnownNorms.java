package io.vitrail.testkit;

import static io.vitrail.testkit.KnownOutput.NONE;
import static io.vitrail.testkit.KnownOutput.n;
import static io.vitrail.testkit.KnownOutput.one;
import static io.vitrail.testkit.KnownOutput.row;
import static io.vitrail.testkit.SingleOperator.l;
import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;

/** What normalisations and slopes with weights give. */
final class KnownNorms {
    private static final DataType DOUBLE = DataType.FLOAT64;

    private KnownNorms() {}

    static List<KnownOutput> all() {
        Map<String, Parameter> statistics =
                Map.of(
                        "mean", weight("m", DOUBLE, l(2), 1, 2),
                        "variance", weight("v", DOUBLE, l(2), 3, 8),
                        "weight", weight("w", DOUBLE, l(2), 4, 6),
                        "bias", weight("b", DOUBLE, l(2), 0, 100));
        return List.of(
                one(
                        "batch norm",
                        new Operator.BatchNorm(1),
                        statistics,
                        l(2, 1, 2),
                        n(1, 2, 2, 5),
                        l(2, 1, 2),
                        n(0, 2, 100, 106)),
                one(
                        "batch norm, last axis",
                        new Operator.BatchNorm(1, 3),
                        statistics,
                        l(1, 2, 2),
                        n(1, 2, 2, 5),
                        l(1, 2, 2),
                        n(0, 100, 2, 106)),
                // mean 2, variance 1, and 3 more make a deviation of 2
                one(
                        "layer norm",
                        new Operator.LayerNorm(List.of(1), 3),
                        Map.of(
                                "weight", weight("w", DOUBLE, l(2), 2, 4),
                                "bias", weight("b", DOUBLE, l(2), 0, 1)),
                        l(2),
                        n(1, 3),
                        l(2),
                        n(-1, 3)),
                // columns 1, 3 and 0, 8, each row with a weight of its own
                one(
                        "layer norm, an axis that is not last",
                        new Operator.LayerNorm(List.of(1), 0),
                        Map.of("weight", weight("w", DOUBLE, l(2), 2, 3)),
                        l(2, 2),
                        n(1, 0, 3, 8),
                        l(2, 2),
                        n(-2, -2, 3, 3)),
                one(
                        "group norm",
                        new Operator.GroupNorm(2, 0, Layout.CHANNELS_FIRST),
                        Map.of(
                                "weight", weight("w", DOUBLE, l(4), 1, 2, 3, 4),
                                "bias", weight("b", DOUBLE, l(4), 0, 0, 0, 10)),
                        l(4, 1),
                        n(1, 3, 0, 8),
                        l(4, 1),
                        n(-1, 2, -3, 14)),
                one(
                        "unit norm",
                        new Operator.UnitNorm(List.of(1), 1e-12),
                        NONE,
                        l(2, 2),
                        n(3, 5, 4, 12),
                        l(2, 2),
                        n(0.6, 5 / 13.0, 0.8, 12 / 13.0)),
                row(
                        "unit norm of what is short",
                        new Operator.UnitNorm(List.of(1), 4),
                        n(0.25, 0.5),
                        n(0.125, 0.25)),
                one(
                        "prelu, one weight a channel",
                        new Operator.Prelu(),
                        Map.of("weight", weight("w", DOUBLE, l(2), 0.5, 0.25)),
                        l(2, 1, 2),
                        n(-1, 2, -2, 5),
                        l(2, 1, 2),
                        n(-0.5, 2, -0.5, 5)),
                one(
                        "prelu, one weight a column",
                        new Operator.Prelu(),
                        Map.of("weight", weight("w", DOUBLE, l(1, 2), 0.5, 0.25)),
                        l(2, 2),
                        n(-1, 2, -2, -4),
                        l(2, 2),
                        n(-0.5, 2, -1, -1)));
    }
}
