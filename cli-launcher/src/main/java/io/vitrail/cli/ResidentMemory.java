package io.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Read how much memory this process holds, and the most that it held, as Linux tells it.
 *
 * <p>Elsewhere nothing is known.
 */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path REFERENCES = Path.of("/proc/self/clear_refs");
    private static final String FORGET_THE_PEAK = "5";

    private ResidentMemory() {}

    /** Return the mebibytes that are resident now. */
    static OptionalLong now() {
        return mebibytes("VmRSS:");
    }

    /** Return the most mebibytes that were resident since the last {@link #forgetPeak}. */
    static OptionalLong peak() {
        return mebibytes("VmHWM:");
    }

    /**
     * Start a new peak.
     *
     * @return whether the system allows it; else the peak goes on from the start of the process
     */
    static boolean forgetPeak() {
        try {
            Files.writeString(REFERENCES, FORGET_THE_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static OptionalLong mebibytes(String key) {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
