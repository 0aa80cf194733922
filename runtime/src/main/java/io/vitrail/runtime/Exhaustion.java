package io.vitrail.runtime;

import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.Locale;

/** Tell that memory ran out from other ways to fail. */
final class Exhaustion {
    /** What PyTorch says on a CPU, the C++ library, MXNet, and CUDA. */
    private static final List<String> WORDS =
            List.of(
                    "can't allocate memory",
                    "bad_alloc",
                    "failed to allocate",
                    "memory allocation failed",
                    "out of memory");

    private Exhaustion() {}

    /** Return whether this, or what caused it, says so. */
    static boolean isMeantBy(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            String text = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
            if (each instanceof OutOfMemoryError || WORDS.stream().anyMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    /** Return an error of one item alone, which no smaller batch can help. */
    static VitrailException of(OutOfMemoryError error) {
        return new VitrailException(
                VitrailException.Kind.FAILURE,
                "out of memory: "
                        + error.getMessage()
                        + "\n  do:  fewer layers at once, or more for Java: -Xmx4g",
                error);
    }
}
