package io.vitrail.api.graph;

import java.util.List;

/**
 * Say which axes of an array are space and which one is the channel.
 *
 * @param spatial the spatial axes in order, empty where the array has none
 * @param channel the channel axis, or -1 where the array has none
 */
public record Axes(List<Integer> spatial, int channel) {
    /** An array without space and channels. */
    public static final Axes NONE = new Axes(List.of(), -1);

    public Axes {
        spatial = List.copyOf(spatial);
    }

    /** Return the axes of {@code (N, C, spatial...)}; rank 2 has a channel and no space. */
    public static Axes channelsFirst(int rank) {
        if (rank < 2) {
            return NONE;
        }
        return new Axes(java.util.stream.IntStream.range(2, rank).boxed().toList(), 1);
    }

    /** Return the axes of {@code (N, spatial..., C)}; rank 2 has a channel and no space. */
    public static Axes channelsLast(int rank) {
        if (rank < 2) {
            return NONE;
        }
        return new Axes(java.util.stream.IntStream.range(1, rank - 1).boxed().toList(), rank - 1);
    }
}
