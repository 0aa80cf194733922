package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Read an amount of memory as {@code --memory} takes it. */
final class MemorySize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kmgt])?(?:i?b)?");

    private MemorySize() {}

    /**
     * Return the bytes of a spelling such as {@code 512m} or {@code 2g}, in powers of 1024 as
     * Java's {@code -Xmx} has them; a bare number means bytes.
     *
     * @throws VitrailException of kind {@code USAGE} if it is none, or nothing at all
     */
    static long parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        long bytes = 0;
        if (form.matches()) {
            int power = form.group(2) == null ? 0 : " kmgt".indexOf(form.group(2));
            bytes = Long.parseLong(form.group(1)) << 10 * power;
        }
        if (bytes == 0) {
            throw VitrailException.usage(
                    "--memory " + text + ": not a size\n  example: --memory 2g, 512m");
        }
        return bytes;
    }
}
