package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Who still reads a value of a run: what nobody reads any more is let go of. */
final class Readers {
    private final Plan plan;
    private final Map<Value, Integer> left = new HashMap<>();
    private final Set<Value> kept;

    Readers(Plan plan) {
        this.plan = plan;
        this.kept = new HashSet<>(plan.wanted());
        kept.addAll(plan.probe().replaced());
        for (int i = 0; i < plan.graph().inputs().size(); i++) {
            kept.add(new Value.Input(i)); // the pass hands out what the network was fed
        }
        for (Plan.Unit unit : plan.units()) {
            if (unit.ruled()) {
                kept.addAll(unit.leaves());
                int node = unit.nodes().get(0);
                for (int k = 0; k < plan.graph().nodes().get(node).outputs().size(); k++) {
                    kept.add(new Value.Output(node, k)); // a rule sees them all
                }
            }
        }
        for (List<Integer> stage : plan.stages()) {
            for (int node : stage) {
                plan.graph()
                        .nodes()
                        .get(node)
                        .inputs()
                        .forEach(value -> left.merge(value, 1, Integer::sum));
            }
        }
    }

    /** Be told that a node has run. */
    void done(int node, Consumer<Value> unread) {
        for (Value value : plan.graph().nodes().get(node).inputs()) {
            if (left.merge(value, -1, Integer::sum) == 0 && !kept.contains(value)) {
                unread.accept(value);
            }
        }
        for (int k = 0; k < plan.graph().nodes().get(node).outputs().size(); k++) {
            Value value = new Value.Output(node, k);
            if (!left.containsKey(value) && !kept.contains(value)) {
                unread.accept(value);
            }
        }
    }
}
