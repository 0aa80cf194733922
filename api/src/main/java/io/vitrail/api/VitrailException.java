package io.vitrail.api;

/**
 * Report what went wrong, where, and what to do.
 *
 * <p>The message is written for the person at the keyboard: the first line says where and what,
 * further lines what there is instead and what to do. The kind says whose turn it is; the launcher
 * gives each kind its own exit code.
 */
public class VitrailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose turn it is. */
    public enum Kind {
        /** The call is wrong: an unknown layer, class, method, option or engine. */
        USAGE,
        /** A model is missing, or refused for what it contains. */
        MODEL,
        /** An input is missing, or refused for what it contains. */
        INPUT,
        /** A method, a plugin or an engine failed. */
        FAILURE
    }

    private final Kind kind;

    public VitrailException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public VitrailException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Create the error for a wrong call. */
    public static VitrailException usage(String message) {
        return new VitrailException(Kind.USAGE, message);
    }

    /** Create the error for a model that is missing or refused. */
    public static VitrailException model(String message) {
        return new VitrailException(Kind.MODEL, message);
    }

    /** Create the error for an input that is missing or refused. */
    public static VitrailException input(String message) {
        return new VitrailException(Kind.INPUT, message);
    }

    /** Create the error for a method, plugin or engine that failed. */
    public static VitrailException failure(String message) {
        return new VitrailException(Kind.FAILURE, message);
    }

    public Kind kind() {
        return kind;
    }
}
