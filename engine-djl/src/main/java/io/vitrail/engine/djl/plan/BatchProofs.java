package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Graphs for batches of any size: recorded for the first two sizes, made without a recording from
 * then on where the two prove that the batch is symbolic.
 *
 * <p>A batch of one is always recorded: it is the size that code treats specially.
 */
public final class BatchProofs {
    private static final int CACHED = 16;

    /** What is known of inputs whose items have these shapes. */
    private static final class Proof {
        private @Nullable Graph first;
        private long batch;
        private @Nullable SymbolicBatch symbolic;

        synchronized Optional<Graph> at(long size) {
            return symbolic == null || size == 1
                    ? Optional.empty()
                    : Optional.of(symbolic.at(size));
        }

        synchronized void add(Graph recorded, long size) {
            if (first == null) {
                first = recorded;
                batch = size;
            } else if (symbolic == null) {
                symbolic = SymbolicBatch.of(first, batch, recorded, size).orElse(null);
            }
        }
    }

    private final GraphSource source;
    private final LeastRecentlyUsed<InputKey, Proof> proofs =
            new LeastRecentlyUsed<>(CACHED, gone -> {});

    public BatchProofs(GraphSource source) {
        this.source = source;
    }

    /** Return the graph for a batch. */
    public Graph graph(NDList inputs) {
        if (source.engine().isEmpty()) {
            return source.graph(inputs); // nothing is recorded: it knows the sizes by itself
        }
        InputKey key = InputKey.of(inputs);
        long batch = batch(key);
        if (batch < 0) {
            return source.graph(inputs);
        }
        Proof proof = proofs.putIfAbsent(ofItems(key), new Proof());
        Optional<Graph> proved = proof.at(batch);
        if (proved.isPresent()) {
            return proved.get();
        }
        Graph recorded = source.graph(inputs);
        proof.add(recorded, batch);
        return recorded;
    }

    /** Return the first size that all inputs share, or -1 if they share none. */
    private static long batch(InputKey key) {
        long batch = -1;
        for (Shape shape : key.shapes()) {
            if (shape.dimension() == 0 || batch >= 0 && shape.get(0) != batch) {
                return -1;
            }
            batch = shape.get(0);
        }
        return batch;
    }

    private static InputKey ofItems(InputKey key) {
        List<Shape> items = new ArrayList<>();
        key.shapes().forEach(shape -> items.add(shape.slice(1)));
        return new InputKey(items, key.types());
    }
}
