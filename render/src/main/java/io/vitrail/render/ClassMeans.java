package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Resampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Average the maps of a run, class by class, as they come.
 *
 * <p>A map is the sum of its channels, in the network's view; one whose longer side is beyond a
 * limit is made smaller (bilinear, antialiased). The first map says how large the means are; others
 * are resized to it (bilinear, half-pixel centres). What is not finite counts as 0. The numbers are
 * summed as they are: an item with larger gradients weighs more.
 *
 * <p>Memory is bounded by the largest side and the largest number of classes: 32 KiB a class with
 * 64.
 */
public final class ClassMeans {
    /** The longer side of a mean, if nothing else is said. */
    public static final int SIDE = 64;

    private static final int CLASSES = 1000;

    private final int side;
    private final int classes;
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    private int width;
    private int height;
    private long beyond;

    /** What has come of a class so far. */
    private static final class Sum {
        private final double[] values;
        private long count;

        Sum(int length) {
            values = new double[length];
        }
    }

    /**
     * The mean of a class.
     *
     * @param name the class
     * @param count how many maps it is the mean of
     * @param map of shape {@code (1, h, w)}
     */
    public record Mean(String name, long count, Values map) {}

    /** Start with means of at most 64x64 and 1,000 classes. */
    public ClassMeans() {
        this(SIDE, CLASSES);
    }

    /**
     * Start with these limits.
     *
     * @param side the longer side of a mean, from 1 on
     * @param classes how many classes have a mean: the first that come
     */
    public ClassMeans(int side, int classes) {
        if (side < 1 || classes < 1) {
            throw new IllegalArgumentException(side + " pixels, " + classes + " classes");
        }
        this.side = side;
        this.classes = classes;
    }

    /**
     * Return the map of an item in small, of shape {@code (1, h, w)}: what {@link #add} takes of
     * it.
     *
     * @return empty if it is no map, or no value of it is finite
     */
    public static Optional<Values> reduced(Values item, int side) {
        if (!Planes.fit(item) || !Planes.isOne(item)) {
            return Optional.empty();
        }
        Planes planes = Planes.of(item);
        if (planes.notFinite() == item.size()) {
            return Optional.empty();
        }
        double scale = Math.min((double) side / Math.max(planes.width(), planes.height()), 1);
        int width = Math.max((int) Math.round(planes.width() * scale), 1);
        int height = Math.max((int) Math.round(planes.height() * scale), 1);
        float[] map =
                Resampling.BILINEAR.resize(
                        planes.sum(), planes.width(), planes.height(), width, height);
        return Optional.of(map(map, width, height));
    }

    private static Values map(float[] map, int width, int height) {
        return Values.of(map, new Axes(List.of(1, 2), -1), 1, height, width);
    }

    /**
     * Add the map of one item.
     *
     * @param name its class
     * @param item with a first axis of size 1
     * @return whether it counts: it is a map, and its class is not beyond the limit
     */
    public boolean add(String name, Values item) {
        Optional<Values> reduced = reduced(item, side);
        if (reduced.isEmpty()) {
            return false;
        }
        if (!sums.containsKey(name) && sums.size() == classes) {
            beyond++;
            return false;
        }
        long[] shape = reduced.get().shape();
        if (sums.isEmpty()) {
            height = (int) shape[1];
            width = (int) shape[2];
        }
        float[] map =
                Resampling.BILINEAR.resize(
                        reduced.get().toFloats(), (int) shape[2], (int) shape[1], width, height);
        Sum sum = sums.computeIfAbsent(name, its -> new Sum(width * height));
        for (int i = 0; i < map.length; i++) {
            sum.values[i] += map[i];
        }
        sum.count++;
        return true;
    }

    /** Return the mean of each class, the class with most items first, then by name. */
    public List<Mean> means() {
        List<Mean> means = new ArrayList<>();
        sums.forEach(
                (name, sum) -> {
                    float[] mean = new float[sum.values.length];
                    for (int i = 0; i < mean.length; i++) {
                        mean[i] = (float) (sum.values[i] / sum.count);
                    }
                    means.add(new Mean(name, sum.count, map(mean, width, height)));
                });
        means.sort(Comparator.comparingLong(Mean::count).reversed().thenComparing(Mean::name));
        return means;
    }

    /** Return how many maps were left out because their class was one too many. */
    public long beyond() {
        return beyond;
    }
}
