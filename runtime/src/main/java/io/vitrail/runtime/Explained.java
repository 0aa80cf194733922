package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a run: what the network returned, what it was asked, what each method found.
 *
 * <p>Immutable, without native memory. The first axis of every array is the items, unless the
 * network returns something else.
 */
public final class Explained {
    private final Facts facts;

    Explained(Facts facts) {
        this.facts = facts;
    }

    /** Return the number of items. */
    public int items() {
        return facts.items();
    }

    /** Return what the network returned, by name, in the model's order. */
    public Map<String, Values> outputs() {
        return facts.outputs();
    }

    /** Return what each target came to, in order; empty where no target was evaluated. */
    public List<Scored> scored() {
        return facts.scored();
    }

    /** Return which number of a class was explained. */
    public Score score() {
        return facts.score();
    }

    /** Return what each method found, by its id, in order. */
    public Map<String, Attribution> attributions() {
        return facts.attributions();
    }

    /** Return the value of every option of every method, as it was used, by id and key. */
    public Map<String, Map<String, Object>> options() {
        return facts.options();
    }

    /** Return what is not what it looks like: maps of zeros, layers that cannot reach a score. */
    public List<Warning> warnings() {
        return facts.warnings();
    }

    /** Return the wall time of the run, in seconds. */
    public double seconds() {
        return facts.seconds();
    }

    /** Return how often the network ran forward. */
    public int forwardPasses() {
        return facts.forwardPasses();
    }

    /** Return the seed of methods that draw random numbers. */
    public long seed() {
        return facts.seed();
    }

    /** Return how pictures became inputs, in full spelling; empty where the inputs were arrays. */
    public String preprocess() {
        return facts.preprocess();
    }

    /**
     * Return the likeliest classes of an item, the first first; by the first output that is a class
     * vector, and empty where none is.
     */
    public List<Ranked> top(int item, int count) {
        return facts.classes().top(item, count);
    }

    /** Return the result of one item alone. */
    public Explained item(int n) {
        return new Explained(facts.item(n));
    }

    /**
     * Return every array under its key in an {@code .npz}.
     *
     * <p>{@code METHOD} for what is at the network's input, {@code METHOD/INPUT} where it has
     * several, {@code METHOD/LAYER} for what is at a layer; with several targets {@code
     * METHOD@TARGET}, {@code METHOD@TARGET/LAYER}. Then {@code output}, or {@code output/NAME}
     * where there are several, and {@code target} (classes) and {@code score}, with several targets
     * {@code target@TARGET} and {@code score@TARGET}.
     */
    public LinkedHashMap<String, Values> toNamedArrays() {
        return NamedArrays.of(facts);
    }
}
