package io.vitrail.runtime.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * How plugins compare with the lists of what is trusted.
 *
 * @param entries one a plugin, then one a line of a lock that no plugin answers to
 */
public record Verification(List<Entry> entries) {

    public Verification {
        entries = List.copyOf(entries);
    }

    /** What a comparison came to. */
    public enum Outcome {
        /** The lock lists this very content. */
        TRUSTED,
        /** No lock governs it. */
        UNLOCKED,
        /** The lock does not know it; it is not loaded. */
        UNLISTED,
        /** The lock knows its id with other content; it is not loaded. */
        DIFFERENT,
        /** The original is no longer what was loaded; a reload would change something. */
        CHANGED,
        /** The lock lists it and it is not there. */
        MISSING
    }

    /**
     * One comparison.
     *
     * @param sha256 of the original as it is now; where it is missing, as the lock lists it; empty
     *     if it cannot be read
     * @param source the jar or folder; where it is missing, its lock
     * @param text what there is to say, in a sentence
     */
    public record Entry(
            String id, String version, Path source, String sha256, Outcome outcome, String text) {}

    /** Return whether nothing is unlisted, different, changed or missing. */
    public boolean sound() {
        return entries.stream()
                .allMatch(
                        entry ->
                                entry.outcome == Outcome.TRUSTED
                                        || entry.outcome == Outcome.UNLOCKED);
    }
}
