package io.vitrail.engine.djl.torchscript;

import io.vitrail.archive.ArchiveRefusal;

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

    /** Create a refusal for what the archive around the model is. */
    static Refusal of(ArchiveRefusal archive) {
        String what = String.valueOf(archive.getMessage());
        return switch (archive.kind()) {
            case EMPTY -> at(archive.place(), what);
            case FOREIGN -> at(archive.place(), "this is no TorchScript archive, or " + what);
            case TOO_LARGE ->
                    at(archive.place(), what, "save the model in half precision, or in parts");
            case DAMAGED ->
                    at(archive.place(), what, "copy the file again from where it came from");
            case HOSTILE ->
                    at(
                            archive.place(),
                            what,
                            "do not trust this file; ask its author for one that torch wrote");
        };
    }

    /** Return the text for the user. */
    String describe(String file) {
        return file + ": " + getMessage() + "\n  where:  " + place + "\n  remedy: " + remedy;
    }
}
