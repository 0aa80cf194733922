package io.vitrail.engine.djl.symbol;

/** Say why a file is refused: at which place in it, what is wrong, and what to do. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String SAVE_AGAIN =
            "save it again in Python: net.export(NAME), or mx.model.save_checkpoint";

    private static final String UNROLL =
            "unroll it in Python before it is saved, or use the operator RNN";

    private final String place;
    private final String remedy;

    private Refusal(String place, String what, String remedy) {
        super(what, null, false, false);
        this.place = place;
        this.remedy = remedy;
    }

    /** Create a refusal whose remedy is to write the files again. */
    static Refusal at(String place, String what) {
        return new Refusal(place, what, SAVE_AGAIN);
    }

    /** Create a refusal of a node that runs a graph of its own. */
    static Refusal ofControlFlow(String place) {
        return new Refusal(place, "loops and branches inside a symbol are not read", UNROLL);
    }

    /** Return the text for the user. */
    String describe(String file) {
        return file + ": " + getMessage() + "\n  where:  " + place + "\n  remedy: " + remedy;
    }
}
