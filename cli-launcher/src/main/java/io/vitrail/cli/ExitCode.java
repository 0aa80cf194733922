package io.vitrail.cli;

import ai.djl.engine.EngineException;
import io.vitrail.api.VitrailException;
import java.util.concurrent.CancellationException;

/** Give each way to end its exit code; scripts depend on them. */
enum ExitCode {
    DONE(0),
    /** The call is wrong. */
    USAGE(2),
    /** A model is missing or refused. */
    MODEL(3),
    /** Every input is missing or refused. */
    INPUT(4),
    /** A method, a plugin or an engine failed. */
    FAILURE(5),
    /** Some items of many failed; the others are done. */
    SOME_FAILED(6),
    /** An error of Vitrail itself. */
    BUG(70),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Return the code for what was thrown. */
    static ExitCode of(Throwable thrown) {
        if (thrown instanceof VitrailException known) {
            return switch (known.kind()) {
                case USAGE -> USAGE;
                case MODEL -> MODEL;
                case INPUT -> INPUT;
                case FAILURE -> FAILURE;
            };
        }
        if (thrown instanceof CancellationException) {
            return INTERRUPTED;
        }
        if (thrown instanceof OutOfMemoryError || thrown instanceof EngineException) {
            return FAILURE;
        }
        return BUG;
    }
}
