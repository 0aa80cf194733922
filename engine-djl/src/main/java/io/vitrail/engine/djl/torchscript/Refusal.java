package io.vitrail.engine.djl.torchscript;

/** Say why a file is refused: at which place in it, what is wrong, and what to do. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String SAVE_AGAIN =
            "save it again in Python: torch.jit.script(model.eval()).save(file), or torch.jit.trace";

    private final String place;
    private final String remedy;

    private Refusal(String place, String what, String remedy) {
        super(what, null, false, false);
        this.place = place;
        this.remedy = remedy;
    }

    /** Create a refusal whose remedy is to write the file again. */
    static Refusal at(String place, String what) {
        return new Refusal(place, what, SAVE_AGAIN);
    }

    /** Create a refusal with a remedy of its own. */
    static Refusal at(String place, String what, String remedy) {
        return new Refusal(place, what, remedy);
    }

    /** Return the text for the user. */
    String describe(String file) {
        return file + ": " + getMessage() + "\n  where:  " + place + "\n  remedy: " + remedy;
    }
}
