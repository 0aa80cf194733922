package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.picture.Prepared;
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
    private final List<Facts> batches;
    private final Facts facts;
    private final Circumstances circumstances;

    /** What holds for all items of a run. */
    record Circumstances(
            Score score,
            Map<String, Map<String, Object>> options,
            Map<String, List<String>> layers,
            double seconds,
            int forwardPasses,
            List<String> forms,
            long seed,
            String preprocess,
            List<String> notices) {}

    Explained(List<Facts> batches, Circumstances circumstances) {
        this.batches = List.copyOf(batches);
        this.facts = Facts.joined(batches);
        this.circumstances = circumstances;
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
        return circumstances.score();
    }

    /** Return what each method found, by its id, in order. */
    public Map<String, Attribution> attributions() {
        return facts.attributions();
    }

    /** Return the value of every option of every method, as it was used, by id and key. */
    public Map<String, Map<String, Object>> options() {
        return circumstances.options();
    }

    /**
     * Return the layers that each method explained at, or with the help of, by id; none for one
     * that explained the inputs alone.
     */
    public Map<String, List<String>> layers() {
        return circumstances.layers();
    }

    /** Return what is not what it looks like: maps of zeros, layers that cannot reach a score. */
    public List<Warning> warnings() {
        return facts.warnings();
    }

    /**
     * Return what was chosen for the caller and may not be what was meant, in sentences: an output
     * of several, the layers of a glob that a method cannot explain at.
     */
    public List<String> notices() {
        return circumstances.notices();
    }

    /** Return the wall time of the run, in seconds. */
    public double seconds() {
        return circumstances.seconds();
    }

    /** Return how often the network ran forward. */
    public int forwardPasses() {
        return circumstances.forwardPasses();
    }

    /**
     * Return the forms in which the engine ran the network, each once, in the order in which they
     * came up; see {@link io.vitrail.api.Pass#form}.
     */
    public List<String> forms() {
        return circumstances.forms();
    }

    /** Return the seed of methods that draw random numbers. */
    public long seed() {
        return circumstances.seed();
    }

    /** Return how pictures became inputs, in full spelling; empty where the inputs were arrays. */
    public String preprocess() {
        return circumstances.preprocess();
    }

    /**
     * Return the likeliest classes of an item, the first first; by the first output that is a class
     * vector, and empty where none is.
     */
    public List<Ranked> top(int item, int count) {
        return facts.classes().top(item, count);
    }

    /** Return whether the network is a detector, so that each item has boxes, if only none. */
    public boolean isDetector() {
        return !facts.boxes().isEmpty();
    }

    /** Return the boxes that a detector predicts for an item, the best first; else none. */
    public List<Detection> boxes(int item) {
        return isDetector() ? facts.boxes().get(item).all() : List.of();
    }

    /**
     * Return the boxes of an item that a target is about: the one of {@code box:N}, those of the
     * class of {@code yolo:K}, all for {@code yolo} and {@code yolo-raw}, else none.
     *
     * @param target its spelling
     */
    public List<Detection> boxes(int item, String target) {
        return isDetector() ? facts.boxes().get(item).of(target) : List.of();
    }

    /**
     * Return the pictures as the network saw them, one an item; empty where the inputs were arrays.
     */
    public List<Prepared> seen() {
        return facts.seen();
    }

    /** Return the result of one item alone; the circumstances are those of the whole run. */
    public Explained item(int n) {
        int item = n;
        for (Facts batch : batches) {
            if (item >= 0 && item < batch.items()) {
                return new Explained(List.of(batch.item(item)), circumstances);
            }
            item -= batch.items();
        }
        throw new IndexOutOfBoundsException("no item " + n + " of " + items());
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
