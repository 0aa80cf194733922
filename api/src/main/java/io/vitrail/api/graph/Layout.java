package io.vitrail.api.graph;

/** Say where the channels of a batch stand; the first axis is the batch in either layout. */
public enum Layout {
    /** {@code (N, C, spatial...)}, as PyTorch, MXNet and Keras's {@code channels_first}. */
    CHANNELS_FIRST,
    /** {@code (N, spatial..., C)}, as Keras and TensorFlow. */
    CHANNELS_LAST;

    /** Return the axes of an array of this rank. */
    public Axes axes(int rank) {
        return this == CHANNELS_FIRST ? Axes.channelsFirst(rank) : Axes.channelsLast(rank);
    }

    /** Return the channel axis of an array of this rank. */
    public int channel(int rank) {
        return this == CHANNELS_FIRST ? 1 : rank - 1;
    }
}
