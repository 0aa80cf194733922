package io.vitrail.cli;

import io.vitrail.api.VitrailException;

/** Say in words for the person at the keyboard what was thrown. */
final class Failure {
    private Failure() {}

    static String text(Throwable thrown) {
        if (thrown instanceof VitrailException known) {
            return known.getMessage();
        }
        if (thrown instanceof OutOfMemoryError) {
            return "out of memory: "
                    + thrown.getMessage()
                    + "\n  do: a smaller --batch, fewer layers at once, or more for Java: VITRAIL_JAVA_OPTS=-Xmx4g";
        }
        return "the engine failed: " + firstLine(thrown);
    }

    private static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage())
                .lines()
                .findFirst()
                .orElse(thrown.getClass().getName());
    }
}
