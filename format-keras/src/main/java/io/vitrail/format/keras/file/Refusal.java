package io.vitrail.format.keras.file;

import io.vitrail.api.VitrailException;

/** Say why a file is refused: at which place in it, what is wrong, and what to do. */
final class Refusal {
    static final String SAVE_AGAIN =
            "save the whole model again in Python: model.save('model.keras')";
    static final String COPY_AGAIN =
            "copy the file again from where it came from, or " + SAVE_AGAIN;

    private Refusal() {}

    static VitrailException at(String file, String place, String what, String remedy) {
        return VitrailException.model(
                file + ": " + what + "\n  where:  " + place + "\n  remedy: " + remedy);
    }
}
