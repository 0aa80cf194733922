package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Read a time as {@code --deadline} takes it. */
final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    private TimeSpan() {}

    /**
     * Return the time of a spelling such as {@code 500ms}, {@code 30s} or {@code 2m}; a bare number
     * means seconds.
     *
     * @throws VitrailException of kind {@code USAGE} if it is none, or no time at all
     */
    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        Duration time = Duration.ZERO;
        if (form.matches()) {
            long number = Long.parseLong(form.group(1));
            String unit = form.group(2) == null ? "s" : form.group(2);
            time =
                    switch (unit) {
                        case "ms" -> Duration.ofMillis(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofSeconds(number);
                    };
        }
        if (time.isZero()) {
            throw VitrailException.usage(
                    "--deadline " + text + ": not a time\n  example: --deadline 30s, 500ms, 2m");
        }
        return time;
    }
}
