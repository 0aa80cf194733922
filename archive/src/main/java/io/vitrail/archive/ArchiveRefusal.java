package io.vitrail.archive;

/**
 * Say why a file is refused: at which place in it, and what is wrong.
 *
 * <p>The reader of a format adds the file's name and tells its user what to do.
 */
public final class ArchiveRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong in general. */
    public enum Kind {
        /** The file has no bytes. */
        EMPTY,
        /** The file is none of the kind that was expected, or is cut short. */
        FOREIGN,
        /** The file is larger than can be mapped. */
        TOO_LARGE,
        /** The bytes are not those that were written. */
        DAMAGED,
        /** The file says what nobody would write in good faith. */
        HOSTILE
    }

    private final Kind kind;
    private final String place;

    ArchiveRefusal(Kind kind, String place, String what) {
        super(what, null, false, false);
        this.kind = kind;
        this.place = place;
    }

    public Kind kind() {
        return kind;
    }

    /** Return where in the file: {@code zip entry config.json}. */
    public String place() {
        return place;
    }
}
