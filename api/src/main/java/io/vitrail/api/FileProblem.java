package io.vitrail.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Say in words why a file could not be read or written. */
public final class FileProblem {
    private FileProblem() {}

    /** Return the reason without the file's name, such as {@code no space left on device}. */
    public static String said(IOException problem) {
        if (problem instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (problem instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (problem instanceof FileAlreadyExistsException) {
            return "a file is in its place";
        }
        if (problem instanceof DirectoryNotEmptyException) {
            return "a folder is in its place";
        }
        String reason =
                problem instanceof FileSystemException file && file.getReason() != null
                        ? file.getReason()
                        : problem.getMessage();
        if (reason == null || reason.isBlank()) {
            return "the system does not say why (" + problem.getClass().getSimpleName() + ")";
        }
        return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
}
