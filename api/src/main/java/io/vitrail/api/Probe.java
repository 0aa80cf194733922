package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Say what a pass must keep, where it must differentiate, and by which rules.
 *
 * <p>Immutable; each call returns a new probe. Rules belong to a named backward <em>sweep</em>,
 * never to the forward pass, so the probes of several methods merge into one pass with {@link
 * #and}. The sweep called {@code ""} has no rules: it is the plain gradient.
 *
 * @param outputs layers whose output is kept
 * @param inputs layers whose inputs are kept
 * @param sweeps backward sweeps by name
 * @param replacements what stands for a layer's output in the forward pass, by layer
 * @param read values other than the network's outputs that targets read
 */
public record Probe(
        Set<Layer> outputs,
        Set<Layer> inputs,
        Map<String, Sweep> sweeps,
        Map<Layer, UnaryOperator<NDArray>> replacements,
        Set<Value> read) {

    /** The name of the sweep without rules. */
    public static final String PLAIN = "";

    /** A rule and the layers at which it stands. */
    public record Placed(Predicate<Layer> where, BackwardRule rule) {}

    /**
     * One way back through the network.
     *
     * @param atInput whether to differentiate at the network's inputs
     * @param layers layers at whose output to differentiate
     * @param rules the first that matches a layer wins; where none does, the layer keeps its own
     *     derivative
     */
    public record Sweep(boolean atInput, Set<Layer> layers, List<Placed> rules) {
        public Sweep {
            layers = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(layers));
            rules = List.copyOf(rules);
        }

        private Sweep and(Sweep other, String name) {
            if (!rules.equals(other.rules)) {
                throw new IllegalArgumentException(
                        "two sweeps called '" + name + "' differ in their rules");
            }
            Set<Layer> both = new LinkedHashSet<>(layers);
            both.addAll(other.layers);
            return new Sweep(atInput || other.atInput, both, rules);
        }
    }

    public Probe {
        outputs = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(outputs));
        inputs = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(inputs));
        sweeps = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sweeps));
        replacements = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(replacements));
        read = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(read));
    }

    /** Return a probe that keeps the network's outputs only. */
    public static Probe outputsOnly() {
        return new Probe(Set.of(), Set.of(), Map.of(), Map.of(), Set.of());
    }

    /** Return a probe for the plain gradient at the network's inputs. */
    public static Probe atInput() {
        return outputsOnly().differentiateAtInput(PLAIN);
    }

    /** Return a probe for the plain gradient at the outputs of layers. */
    public static Probe at(List<Layer> layers) {
        return outputsOnly().differentiateAt(PLAIN, layers);
    }

    /** Return a probe that keeps the outputs of layers. */
    public static Probe keeping(List<Layer> layers) {
        return outputsOnly().keepOutputs(layers);
    }

    /** Also differentiate at the network's inputs in a sweep. */
    public Probe differentiateAtInput(String sweep) {
        return withSweep(sweep, new Sweep(true, Set.of(), rules(sweep)));
    }

    /** Also differentiate at the outputs of layers in a sweep. */
    public Probe differentiateAt(String sweep, List<Layer> layers) {
        return withSweep(sweep, new Sweep(false, new LinkedHashSet<>(layers), rules(sweep)));
    }

    /** Add a rule to a sweep, behind those that it has. */
    public Probe rule(String sweep, Predicate<Layer> where, BackwardRule rule) {
        if (sweep.equals(PLAIN)) {
            throw new IllegalArgumentException("the sweep \"\" has no rules: name another");
        }
        Sweep old = sweeps.getOrDefault(sweep, new Sweep(false, Set.of(), List.of()));
        List<Placed> rules = new ArrayList<>(old.rules());
        rules.add(new Placed(where, rule));
        Map<String, Sweep> changed = new LinkedHashMap<>(sweeps);
        changed.put(sweep, new Sweep(old.atInput(), old.layers(), rules));
        return new Probe(outputs, inputs, changed, replacements, read);
    }

    /** Also keep the outputs of layers. */
    public Probe keepOutputs(List<Layer> layers) {
        Set<Layer> kept = new LinkedHashSet<>(outputs);
        kept.addAll(layers);
        return new Probe(kept, inputs, sweeps, replacements, read);
    }

    /** Also keep the inputs of layers. */
    public Probe keepInputs(List<Layer> layers) {
        Set<Layer> kept = new LinkedHashSet<>(inputs);
        kept.addAll(layers);
        return new Probe(outputs, kept, sweeps, replacements, read);
    }

    /** Also keep what a target reads, so that the pass can compute its score. */
    public Probe reading(Target target) {
        Set<Value> values = new LinkedHashSet<>(read);
        for (Source source : target.sources()) {
            if (source instanceof Source.At at) {
                values.add(at.value());
            }
        }
        return new Probe(outputs, inputs, sweeps, replacements, values);
    }

    /**
     * Let a function of a layer's output stand for it in the forward pass; whoever reads the layer
     * reads that.
     */
    public Probe replace(Layer layer, UnaryOperator<NDArray> replacement) {
        Map<Layer, UnaryOperator<NDArray>> changed = new LinkedHashMap<>(replacements);
        changed.put(layer, replacement);
        return new Probe(outputs, inputs, sweeps, changed, read);
    }

    /**
     * Return a probe that asks for what both ask for.
     *
     * @throws IllegalArgumentException if two sweeps of one name differ in their rules, or a layer
     *     has two replacements
     */
    public Probe and(Probe other) {
        Map<String, Sweep> merged = new LinkedHashMap<>(sweeps);
        other.sweeps.forEach((name, sweep) -> merged.merge(name, sweep, (a, b) -> a.and(b, name)));
        Map<Layer, UnaryOperator<NDArray>> replaced = new LinkedHashMap<>(replacements);
        other.replacements.forEach(
                (layer, function) -> {
                    if (replaced.putIfAbsent(layer, function) != null) {
                        throw new IllegalArgumentException(
                                "layer '" + layer.name() + "' has two replacements");
                    }
                });
        Set<Layer> keptOutputs = new LinkedHashSet<>(outputs);
        keptOutputs.addAll(other.outputs);
        Set<Layer> keptInputs = new LinkedHashSet<>(inputs);
        keptInputs.addAll(other.inputs);
        Set<Value> values = new LinkedHashSet<>(read);
        values.addAll(other.read);
        return new Probe(keptOutputs, keptInputs, merged, replaced, values);
    }

    /**
     * Return this probe with every sweep but the plain one renamed, so that two methods' sweeps
     * never meet.
     */
    public Probe renamed(UnaryOperator<String> rename) {
        Map<String, Sweep> changed = new LinkedHashMap<>();
        sweeps.forEach(
                (name, sweep) ->
                        changed.put(name.equals(PLAIN) ? PLAIN : rename.apply(name), sweep));
        return new Probe(outputs, inputs, changed, replacements, read);
    }

    private Probe withSweep(String name, Sweep sweep) {
        Map<String, Sweep> changed = new LinkedHashMap<>(sweeps);
        changed.merge(name, sweep, (a, b) -> a.and(b, name));
        return new Probe(outputs, inputs, changed, replacements, read);
    }

    private List<Placed> rules(String sweep) {
        Sweep known = sweeps.get(sweep);
        return known == null ? List.of() : known.rules();
    }
}
