package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

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

    /** Return the document that stands for a result where there is none. */
    static Map<String, Object> facts(ExitCode code, String text) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("kind", code.name().toLowerCase(Locale.ROOT));
        error.put("exitCode", code.number());
        error.put("message", text);
        return Map.of("error", error);
    }

    private static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage())
                .lines()
                .findFirst()
                .orElse(thrown.getClass().getName());
    }
}
