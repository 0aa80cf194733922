package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Step;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reverse-mode differentiation over the units of a plan, for one sweep. */
final class Backward {
    private final Plan plan;
    private final Layers layers;
    private final ResolvedProbe.Sweep sweep;
    private final UnitRun run;
    private final Set<Value> needed;
    private final Map<Value, NDArray> gradients = new HashMap<>();

    Backward(Plan plan, Layers layers, ResolvedProbe.Sweep sweep, UnitRun run) {
        this.plan = plan;
        this.layers = layers;
        this.sweep = sweep;
        this.run = run;
        this.needed = plan.needed(sweep);
    }

    /**
     * Go back from the gradients at what a target reads.
     *
     * @param manager owns the gradients at the sweep's points, which are returned; a point that the
     *     target does not depend on is absent
     */
    Map<Value, NDArray> from(Map<Value, NDArray> heads, NDManager manager) {
        boolean foreign =
                sweep.rules().values().stream().anyMatch(rule -> rule != BackwardRule.GUIDED);
        return run.untaped(foreign, () -> back(heads, foreign, manager));
    }

    private Map<Value, NDArray> back(
            Map<Value, NDArray> heads, boolean foreign, NDManager manager) {
        try (NDManager work = manager.newSubManager()) {
            heads.forEach(
                    (value, gradient) -> {
                        gradients.put(value, run.alias(gradient, work));
                    });
            for (int u = plan.units().size() - 1; u >= 0; u--) {
                unit(u, work);
            }
            Map<Value, NDArray> found = new HashMap<>();
            for (Value point : sweep.points()) {
                NDArray gradient = gradients.get(point);
                if (gradient != null && foreign) {
                    // a rule's own array may pass through adds and views as it is
                    found.put(point, run.own(gradient, manager));
                } else if (gradient != null) {
                    gradient.attach(manager);
                    found.put(point, gradient);
                }
            }
            return found;
        }
    }

    private void unit(int number, NDManager work) {
        Plan.Unit unit = plan.units().get(number);
        List<Integer> wanted = new ArrayList<>(); // leaves whose gradient is of use
        for (int i = 0; i < unit.leaves().size(); i++) {
            if (needed.contains(unit.leaves().get(i))) {
                wanted.add(i);
            }
        }
        List<Value> reached = new ArrayList<>();
        for (Value output : unit.outputs()) {
            // what was put in a value's place does not depend on the value
            if (gradients.containsKey(output) && !plan.probe().replaced().contains(output)) {
                reached.add(output);
            }
        }
        if (wanted.isEmpty() || reached.isEmpty()) {
            return;
        }
        int node = unit.nodes().get(0);
        BackwardRule rule = unit.ruled() ? sweep.rules().get(node) : null;
        List<@Nullable NDArray> found =
                rule == null || rule == BackwardRule.GUIDED
                        ? taped(number, unit, wanted, reached, work)
                        : ruled(number, unit, wanted, rule, work);
        for (int i = 0; i < wanted.size(); i++) {
            NDArray gradient = found.get(i);
            if (gradient != null) {
                gradients.merge(unit.leaves().get(wanted.get(i)), gradient, NDArray::add);
            }
        }
        if (!unit.outputs().isEmpty()) {
            // gradients at points are results, the others have been used
            reached.stream().filter(v -> !sweep.points().contains(v)).forEach(this::drop);
        }
    }

    private void drop(Value value) {
        NDArray used = gradients.remove(value);
        if (used != null) {
            used.close();
        }
    }

    private List<@Nullable NDArray> taped(
            int number, Plan.Unit unit, List<Integer> wanted, List<Value> reached, NDManager work) {
        Set<Integer> guided = new HashSet<>();
        for (int node : unit.nodes()) {
            if (sweep.rules().get(node) == BackwardRule.GUIDED) {
                guided.add(node);
            }
        }
        NDList heads = new NDList();
        reached.forEach(output -> heads.add(gradients.get(output)));
        return run.product(number, wanted, reached, heads, guided, work);
    }

    private List<@Nullable NDArray> ruled(
            int number, Plan.Unit unit, List<Integer> wanted, BackwardRule rule, NDManager work) {
        int index = unit.nodes().get(0);
        Node node = plan.graph().nodes().get(index);
        Layer layer = layers.get(node.name());
        NDList heads = new NDList();
        for (int k = 0; k < node.outputs().size(); k++) {
            Value value = new Value.Output(index, k);
            NDArray output = run.computed(value);
            if (output == null) {
                continue; // nobody reads it
            }
            NDArray head = gradients.get(value);
            heads.add(head != null ? head : run.zerosLike(output, work));
        }
        heads.attach(work);
        Step step = run.step(number, layer, heads, work);
        NDList result = run.called(() -> rule.gradients(step));
        if (result.size() != unit.leaves().size()) {
            throw VitrailException.failure(
                    "the rule at layer '"
                            + layer.name()
                            + "' gave "
                            + result.size()
                            + " gradients for "
                            + unit.leaves().size()
                            + " inputs");
        }
        List<@Nullable NDArray> found = new ArrayList<>();
        for (int i : wanted) {
            NDArray gradient = result.get(i);
            if (!gradient.getShape().equals(run.leaf(number, i).getShape())) {
                throw VitrailException.failure(
                        "the rule at layer '"
                                + layer.name()
                                + "' gave a gradient of shape "
                                + gradient.getShape()
                                + " for an input of shape "
                                + run.leaf(number, i).getShape());
            }
            found.add(run.alias(gradient, work)); // a rule may hand back what is not its own
        }
        return found;
    }
}
