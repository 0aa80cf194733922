package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Say in words for the person at the keyboard what was thrown. */
final class Failure {
    /** What PyTorch says on the CPU. */
    private static final Pattern NO_MEMORY =
            Pattern.compile("can't allocate memory: you tried to allocate (\\d+) bytes");

    private Failure() {}

    static String text(Throwable thrown) {
        Matcher refused = NO_MEMORY.matcher(String.valueOf(thrown.getMessage()));
        if (refused.find()) {
            return String.format(
                    Locale.ROOT,
                    "out of memory: %.1f GB more are not to be had\n"
                            + "  do: a smaller --batch or --shape, or fewer layers at once",
                    Double.parseDouble(refused.group(1)) / 1e9);
        }
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
