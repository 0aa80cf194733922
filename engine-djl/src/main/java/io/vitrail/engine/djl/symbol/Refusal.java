package io.vitrail.engine.djl.symbol;

/** Say why a file is refused: at which place in it, what is wrong, and what to do. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String SAVE_AGAIN =
            "save it again in Python: net.export(NAME), or mx.model.save_checkpoint";

    private final String place;

    private Refusal(String place, String what) {
        super(what, null, false, false);
        this.place = place;
    }

    /** Create a refusal whose remedy is to write the files again. */
    static Refusal at(String place, String what) {
        return new Refusal(place, what);
    }

    /** Return the text for the user. */
    String describe(String file) {
        return file + ": " + getMessage() + "\n  where:  " + place + "\n  remedy: " + SAVE_AGAIN;
    }
}
