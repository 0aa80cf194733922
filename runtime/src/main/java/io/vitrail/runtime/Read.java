package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Values;
import io.vitrail.picture.Prepared;
import java.util.Arrays;
import java.util.function.Function;

/** An input that was looked at: what of it goes into a batch, or why nothing does. */
sealed interface Read {
    /** Return its place among the inputs, from 0. */
    long position();

    /** Return the input as it was given. */
    Object input();

    /** A picture, decoded and resized. */
    record Seen(long position, Object input, Prepared prepared) implements Read {}

    /** Numbers of one item or several. */
    record Numbers(long position, Object input, Values values) implements Read {}

    /**
     * Arrays of one item or several, made when their turn comes.
     *
     * @param arrays makes them on the manager of their batch, or returns those of another owner
     */
    record Made(long position, Object input, Function<NDManager, NDList> arrays) implements Read {}

    /** An input that could not be read. */
    record Unread(long position, Object input, RuntimeException error) implements Read {}

    /** Return whether both can be items of one batch. */
    static boolean together(Read first, Read next) {
        return first instanceof Seen && next instanceof Seen
                || first instanceof Numbers one
                        && next instanceof Numbers other
                        && one.values().shape().length > 0
                        && one.values().shape()[0] == 1
                        && Arrays.equals(one.values().shape(), other.values().shape())
                        && one.values().isDouble() == other.values().isDouble();
    }
}
