package io.vitrail.engine.djl.block;

import io.vitrail.api.VitrailException;

/** Say why a block cannot be recorded; nothing is guessed in its place. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String why;
    private final String remedy;

    /**
     * Create it.
     *
     * @param place the child of the block, or the line of the caller's code, where it happened
     * @param remedy what the owner of the block can do, in words
     */
    Refusal(String place, String why, String remedy) {
        super(why);
        this.place = place;
        this.why = why;
        this.remedy = remedy;
    }

    VitrailException of(String model) {
        return new VitrailException(
                VitrailException.Kind.MODEL,
                model
                        + ": the block cannot be explained: "
                        + why
                        + "\n  where:  "
                        + place
                        + "\n  remedy: "
                        + remedy,
                this);
    }
}
