package io.vitrail.runtime;

/**
 * What became of one input of many: it is explained, or nothing came of it and the others go on.
 *
 * <p>See {@link Explanation#outcomes()}.
 */
public sealed interface Outcome permits Outcome.Done, Outcome.Failed {
    /** Return its place among the inputs, from 0. */
    long position();

    /** Return the input as it was given: a path, a picture, a supplier, ... */
    Object input();

    /**
     * An input that is explained.
     *
     * @param batch the number of items that ran together with it, itself included
     */
    record Done(long position, Object input, Explained explained, int batch) implements Outcome {}

    /**
     * An input of which nothing came.
     *
     * @param error why: a {@link io.vitrail.api.VitrailException} where the input or a method is at
     *     fault, else what the engine or the caller's own code threw
     */
    record Failed(long position, Object input, RuntimeException error) implements Outcome {}
}
