package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.graph.ArrayType;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Choose how many items run at once, so that their arrays fit.
 *
 * <p>Reckoned from the outputs of all layers: as much again goes for the way back. What cannot be
 * reckoned, the engine's own workspace and what the process holds besides, shows after a batch.
 */
final class BatchSize {
    /** Items at once where only memory is given. */
    static final int MOST = 32;

    /** Each output once, and its gradient. */
    private static final int WAYS = 2;

    private final long memory;
    private final Consumer<String> notices;
    private int size;
    private boolean reckoned;

    /**
     * @param most items at once
     * @param memory what the process should keep within, in bytes; 0 for no matter
     * @param notices hears when batches become smaller
     */
    BatchSize(int most, long memory, Consumer<String> notices) {
        this.size = most;
        this.memory = memory;
        this.notices = notices;
        this.reckoned = memory == 0;
    }

    /** Return how many items should run at once. */
    int now() {
        return size;
    }

    /** Return whether the network is still to be looked at. */
    boolean isReckoned() {
        return reckoned;
    }

    /**
     * Reckon how many items fit.
     *
     * @param inputs one item
     * @param held what the process holds before any batch runs, in bytes; 0 where nobody knows
     */
    void reckon(Layers layers, NDList inputs, long held) {
        reckoned = true;
        long item = bytes(layers, inputs);
        long fitting = (memory - held) / Math.max(1, item);
        if (fitting < 1) {
            notices.accept(
                    said(memory)
                            + " are little: the process holds "
                            + said(held)
                            + " and an item takes about "
                            + said(item)
                            + "; items run one by one");
        }
        size = (int) Math.max(1, Math.min(size, fitting));
    }

    /** Return what the arrays of one item take on their way, in bytes. */
    static long bytes(Layers layers, NDList inputs) {
        long bytes = 0;
        for (Layer layer : layers) {
            bytes += bytes(layer.type());
        }
        for (var input : inputs) {
            bytes += input.size() * input.getDataType().getNumOfBytes();
        }
        return WAYS * bytes;
    }

    private static long bytes(ArrayType type) {
        long bytes = type.type().getNumOfBytes();
        for (long axis : type.shape().getShape()) {
            bytes *=
                    Math.max(1, axis); // a size that only a run knows: too little is put right then
        }
        return bytes;
    }

    /** Run fewer at once from here on: so many were too many for the memory. */
    void tooMany(int items) {
        if (items > 1 && items / 2 < size) {
            shrink(items / 2, "so many take more memory than there is");
        }
    }

    /** Run one by one from here on: items that fail together and do not alone. */
    void onlyAlone() {
        if (size > 1) {
            shrink(1, "they fail together, and do not one by one");
        }
    }

    /** Hear what the process holds behind a batch, in bytes; 0 where nobody knows. */
    void ran(int items, long held) {
        if (memory > 0 && held > memory && items > 1 && items <= size) {
            shrink(items / 2, "the process holds " + said(held) + " of " + said(memory));
        }
    }

    private void shrink(int to, String why) {
        notices.accept("batches of " + to + " from here on, not " + size + ": " + why);
        size = to;
    }

    private static String said(long bytes) {
        return bytes < 1L << 30
                ? String.format(Locale.ROOT, "%.0f MiB", bytes / 1024.0 / 1024)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / 1024.0 / 1024 / 1024);
    }
}
