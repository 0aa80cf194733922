package io.vitrail.render;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Report a file that could not be written: the disk is full, or the folder is closed to us.
 *
 * <p>Of kind {@code FAILURE}, and about the place of the results rather than about what they are
 * results of: the next file would meet the same.
 */
public final class UnwrittenException extends VitrailException {
    private static final long serialVersionUID = 1L;

    /** Report a file and why it could not be written. */
    public UnwrittenException(Path file, IOException cause) {
        super(
                Kind.FAILURE,
                file
                        + ": cannot be written: "
                        + FileProblem.said(cause)
                        + "\n  do:  check the folder, its permissions and its space",
                cause);
    }
}
