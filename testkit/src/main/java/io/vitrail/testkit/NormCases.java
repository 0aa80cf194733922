package io.vitrail.testkit;

import static io.vitrail.testkit.OperatorCase.NONE;
import static io.vitrail.testkit.OperatorCase.PICTURE;
import static io.vitrail.testkit.OperatorCase.one;
import static io.vitrail.testkit.SingleOperator.l;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.Map;

/** Normalisations along each axis that they may stand on. */
final class NormCases {
    private NormCases() {}

    static List<OperatorCase> all() {
        return List.of(
                one(
                        "batch norm",
                        new Operator.BatchNorm(1e-3),
                        Map.of("mean", l(2), "variance", l(2), "weight", l(2), "bias", l(2)),
                        PICTURE,
                        PICTURE),
                one(
                        "batch norm, no scale, no shift, no space",
                        new Operator.BatchNorm(1e-5),
                        Map.of("mean", l(5), "variance", l(5)),
                        l(5),
                        l(5)),
                one(
                        "batch norm, last axis",
                        new Operator.BatchNorm(1e-3, 3),
                        Map.of("mean", l(7), "variance", l(7), "weight", l(7), "bias", l(7)),
                        PICTURE,
                        PICTURE),
                one(
                        "batch norm, axis between, no scale",
                        new Operator.BatchNorm(1e-3, 2),
                        Map.of("mean", l(6), "variance", l(6), "bias", l(6)),
                        PICTURE,
                        PICTURE),
                one(
                        "batch norm of rows, last axis",
                        new Operator.BatchNorm(1e-3, 2),
                        Map.of("mean", l(4), "variance", l(4), "weight", l(4)),
                        l(3, 4),
                        l(3, 4)),
                one(
                        "layer norm, last axis",
                        new Operator.LayerNorm(List.of(3), 1e-3),
                        Map.of("weight", l(7), "bias", l(7)),
                        PICTURE,
                        PICTURE),
                one(
                        "layer norm, two axes that are not last",
                        new Operator.LayerNorm(List.of(1, 2), 1e-3),
                        Map.of("weight", l(2, 6), "bias", l(2, 6)),
                        PICTURE,
                        PICTURE),
                one(
                        "layer norm, all axes, shift only",
                        new Operator.LayerNorm(List.of(3, 1, 2), 1e-3),
                        Map.of("bias", PICTURE),
                        PICTURE,
                        PICTURE),
                one(
                        "layer norm, bare",
                        new Operator.LayerNorm(List.of(2), 1e-3),
                        NONE,
                        l(3, 4),
                        l(3, 4)),
                one(
                        "group norm",
                        new Operator.GroupNorm(2, 1e-3, Layout.CHANNELS_FIRST),
                        Map.of("weight", l(4), "bias", l(4)),
                        l(4, 3, 2),
                        l(4, 3, 2)),
                one(
                        "group norm of rows, scale only",
                        new Operator.GroupNorm(2, 1e-3, Layout.CHANNELS_FIRST),
                        Map.of("weight", l(4)),
                        l(4, 5),
                        l(4, 5)),
                one("unit norm", new Operator.UnitNorm(List.of(1), 1e-12), NONE, PICTURE, PICTURE),
                one(
                        "unit norm over space",
                        new Operator.UnitNorm(List.of(2, 3), 1e-12),
                        NONE,
                        PICTURE,
                        PICTURE));
    }
}
