package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Prove that a recorded graph is the block: recorded again on other numbers it is the same graph,
 * and run on those numbers it gives what the block gives.
 *
 * <p>What the recording lost is a constant in the graph and shows there; so does a write through a
 * view, which the graph does not know. A graph that was made by looking at its inputs holds for
 * these alone, and is run on them.
 */
final class Proof {
    /** Largest difference, in terms of the largest output: twenty roundings of a float. */
    private static final double TOLERANCE = 1e-5;

    private final BlockSource source;
    private final Dialect dialect;

    Proof(BlockSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    /**
     * Check a graph.
     *
     * @throws Refusal if it is not the block
     */
    void check(Graph graph, NDList fed) {
        try (NDManager own = source.manager().newSubManager()) {
            NDList other = new NDList();
            for (NDArray input : fed) {
                NDArray numbers = graph.readsValues() ? copy(input) : otherNumbers(input, own);
                numbers.attach(own);
                other.add(numbers);
            }
            if (!graph.readsValues()) {
                same(graph, source.record(other));
            }
            NDList wanted = source.plain(other, own);
            try (Model model = dialect.runner().load(new Fixed(graph), Engine.Settings.defaults());
                    Pass pass = model.run(Probe.outputsOnly(), other)) {
                equal(wanted, pass.outputs());
            }
        }
    }

    private static NDArray copy(NDArray input) {
        return input.duplicate();
    }

    /** Return random numbers between the smallest and the largest of an input, of its type. */
    private static NDArray otherNumbers(NDArray input, NDManager own) {
        double[] known = doubles(input);
        double low = Arrays.stream(known).min().orElse(0);
        double high = Arrays.stream(known).max().orElse(0);
        boolean floating = input.getDataType().isFloating();
        if (floating && !(high > low)) {
            low -= 1;
            high += 1;
        }
        SplittableRandom random = new SplittableRandom(1);
        double[] numbers = new double[known.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    floating
                            ? low + (high - low) * random.nextDouble()
                            : low + random.nextLong((long) (high - low) + 1);
        }
        try (NDArray doubles = own.create(numbers, input.getShape())) {
            return doubles.toType(input.getDataType(), true);
        }
    }

    private static void same(Graph first, Graph second) {
        if (first.equals(second)) {
            return;
        }
        List<Node> a = first.nodes();
        List<Node> b = second.nodes();
        for (int i = 0; i < a.size(); i++) {
            if (i >= b.size() || !a.get(i).equals(b.get(i))) {
                throw new Refusal(
                        a.get(i).name() + " (" + a.get(i).place() + ")",
                        "its code does something else each time it runs",
                        "compute from the inputs and the weights alone");
            }
        }
        throw new Refusal(
                "its outputs",
                "its code does something else each time it runs",
                "compute from the inputs and the weights alone");
    }

    private static void equal(NDList wanted, NDList found) {
        if (wanted.size() != found.size()) {
            throw lost("it returns " + wanted.size() + " arrays, recorded " + found.size());
        }
        for (int i = 0; i < wanted.size(); i++) {
            double[] a = doubles(wanted.get(i));
            double[] b = doubles(found.get(i));
            double largest = 0;
            double difference = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
            for (int k = 0; k < a.length && k < b.length; k++) {
                if (Double.isFinite(a[k]) || Double.compare(a[k], b[k]) != 0) {
                    largest = Math.max(largest, Math.abs(a[k]));
                    double apart = Math.abs(a[k] - b[k]);
                    difference =
                            Double.isNaN(apart)
                                    ? Double.POSITIVE_INFINITY
                                    : Math.max(difference, apart);
                }
            }
            if (difference > TOLERANCE * largest) {
                throw lost(
                        String.format(
                                java.util.Locale.ROOT,
                                "on other numbers its output %d differs by %.3g from what was"
                                        + " recorded",
                                i,
                                difference));
            }
        }
    }

    private static double[] doubles(NDArray array) {
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }

    private static Refusal lost(String what) {
        return new Refusal(
                "the block as a whole",
                what
                        + ": a call was made past NDArray, or an array was changed through a view of it",
                "call operations on the input, not on arrays of the block's own, and write to no"
                        + " view");
    }

    /** A graph that was drawn already. */
    private record Fixed(Graph drawn) implements GraphSource {
        @Override
        public String format() {
            return DjlBlocks.ID;
        }

        @Override
        public String name() {
            return "recorded block";
        }

        @Override
        public Optional<String> engine() {
            return Optional.empty();
        }

        @Override
        public List<Graph.Port> inputs() {
            return drawn.inputs();
        }

        @Override
        public Graph graph(NDList inputs) {
            return drawn;
        }

        @Override
        public void close() {
            // the graph is its maker's
        }
    }
}
