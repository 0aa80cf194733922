package io.vitrail.engine.djl.plan;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A probe in terms of one graph: values and nodes instead of names and predicates.
 *
 * <p>Equal probes have equal plans, so this is the key of a plan.
 *
 * @param kept values that the pass hands out, or that a target reads
 * @param sweeps the ways back
 * @param replaced values for which something else stands in the forward pass
 */
public record ResolvedProbe(Set<Value> kept, Map<String, Sweep> sweeps, Set<Value> replaced) {

    /**
     * One way back.
     *
     * @param points values at which to differentiate
     * @param rules the rule at each node that has one
     */
    public record Sweep(Set<Value> points, Map<Integer, BackwardRule> rules) {
        public Sweep {
            points = Collections.unmodifiableSet(new LinkedHashSet<>(points));
            rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        }
    }

    public ResolvedProbe {
        kept = Collections.unmodifiableSet(new LinkedHashSet<>(kept));
        sweeps = Collections.unmodifiableMap(new LinkedHashMap<>(sweeps));
        replaced = Collections.unmodifiableSet(new LinkedHashSet<>(replaced));
    }

    /** Resolve a probe; its layers are looked up by name. */
    public static ResolvedProbe of(Probe probe, Layers layers) {
        Set<Value> kept = new LinkedHashSet<>();
        probe.outputs().forEach(layer -> kept.add(value(layer, layers)));
        probe.inputs().forEach(layer -> kept.addAll(layers.get(layer.name()).inputs()));
        kept.addAll(probe.read());
        for (int i = 0; i < layers.graph().outputs().size(); i++) {
            layers.finalActivation(i).ifPresent(last -> kept.add(last.inputs().get(0)));
        }
        Map<String, Sweep> sweeps = new LinkedHashMap<>();
        probe.sweeps().forEach((name, sweep) -> sweeps.put(name, resolve(sweep, layers)));
        Set<Value> replaced = new LinkedHashSet<>();
        probe.replacements().keySet().forEach(layer -> replaced.add(outside(layer, layers)));
        return new ResolvedProbe(kept, sweeps, replaced);
    }

    private static Sweep resolve(Probe.Sweep sweep, Layers layers) {
        Set<Value> points = new LinkedHashSet<>();
        if (sweep.atInput()) {
            for (int i = 0; i < layers.inputs().size(); i++) {
                if (layers.inputs().get(i).type().type().isFloating()) {
                    points.add(new Value.Input(i));
                }
            }
        }
        sweep.layers().forEach(layer -> points.add(outside(layer, layers)));
        Map<Integer, BackwardRule> rules = new LinkedHashMap<>();
        Map<Integer, Map<Integer, BackwardRule>> inLoops = new LinkedHashMap<>();
        for (Layer layer : layers) {
            int node = ((Value.Output) layer.value()).node();
            OptionalInt inLoop = layers.inLoop(layer);
            for (Probe.Placed placed : sweep.rules()) {
                if (!placed.where().test(layer)) {
                    continue;
                }
                if (inLoop.isPresent()) {
                    inLoops.computeIfAbsent(node, key -> new LinkedHashMap<>())
                            .put(inLoop.getAsInt(), placed.rule());
                } else {
                    rules.put(node, placed.rule());
                }
                break;
            }
        }
        inLoops.forEach((node, inner) -> rules.putIfAbsent(node, new LoopRules(inner)));
        return new Sweep(points, rules);
    }

    /** Return the value of a layer that runs once. */
    private static Value outside(Layer layer, Layers layers) {
        if (layers.inLoop(layers.get(layer.name())).isPresent()) {
            throw VitrailException.usage(
                    layers.model()
                            + ": layer '"
                            + layer.name()
                            + "' is part of a loop: each step reads what it computed the step"
                            + " before, so there is no gradient at all of its steps at once\n"
                            + "  instead: the layer that the loop is, "
                            + layers.graph()
                                    .nodes()
                                    .get(((Value.Output) layer.value()).node())
                                    .name());
        }
        return value(layer, layers);
    }

    private static Value value(Layer layer, Layers layers) {
        return layers.get(layer.name()).value();
    }

    /** Return the values at which any sweep differentiates. */
    Set<Value> points() {
        Set<Value> points = new LinkedHashSet<>();
        sweeps.values().forEach(sweep -> points.addAll(sweep.points()));
        return points;
    }

    /** Return the nodes at which a rule of any sweep stands. */
    public Set<Integer> ruled() {
        Set<Integer> ruled = new LinkedHashSet<>();
        sweeps.values().forEach(sweep -> ruled.addAll(sweep.rules().keySet()));
        return ruled;
    }

    /** Return every value that must be there when the pass has run. */
    Set<Value> wanted(List<Value> outputs) {
        Set<Value> wanted = new LinkedHashSet<>(outputs);
        wanted.addAll(kept);
        wanted.addAll(points());
        return wanted;
    }
}
