package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Node;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.List;
import java.util.Map;

/** Tell which plans can be rewritten; the others run exactly as they are. */
final class Rewritable {
    private Rewritable() {}

    /** Return whether a plan can be rewritten and is worth it. */
    static boolean is(Plan plan) {
        boolean any =
                plan.stages().stream()
                        .flatMap(List::stream)
                        .anyMatch(
                                index ->
                                        Traits.isPlane(plan.graph().nodes().get(index).operator()));
        if (!any || plan.graph().readsValues() || !plan.probe().replaced().isEmpty()) {
            return false; // what looks at values is planned for every input anew
        }
        boolean single =
                plan.graph().inputs().stream().allMatch(port -> isSingle(port.type()))
                        && plan.graph().nodes().stream()
                                .flatMap(node -> node.outputs().stream())
                                .allMatch(Rewritable::isSingle);
        return single && !shared(plan) && ruled(plan);
    }

    /** Return whether a weight is another owner's, who may train it on: a copy would grow stale. */
    private static boolean shared(Plan plan) {
        return plan.graph().nodes().stream()
                .flatMap(node -> node.parameters().values().stream())
                .anyMatch(parameter -> parameter.array().isPresent());
    }

    private static boolean isSingle(ArrayType type) {
        for (long size : type.shape().getShape()) {
            if (size < 0) {
                return false;
            }
        }
        return !type.type().isFloating() || type.type() == DataType.FLOAT32;
    }

    /** Return whether every rule can be written as text where it stands. */
    private static boolean ruled(Plan plan) {
        for (ResolvedProbe.Sweep sweep : plan.probe().sweeps().values()) {
            for (Map.Entry<Integer, BackwardRule> entry : sweep.rules().entrySet()) {
                Node node = plan.graph().nodes().get(entry.getKey());
                BackwardRule rule = entry.getValue();
                boolean plain = node.outputs().size() == 1;
                boolean element =
                        plain
                                && node.inputs().size() == 1
                                && plan.graph()
                                        .type(node.inputs().get(0))
                                        .shape()
                                        .equals(node.outputs().get(0).shape());
                boolean known =
                        rule == BackwardRule.GUIDED && plain
                                || rule == BackwardRule.DECONVNET && element
                                || rule == BackwardRule.GUIDED_GATED
                                        && element
                                        && Traits.keepsSign(node.operator());
                if (!known) {
                    return false;
                }
            }
        }
        return true;
    }
}
