package io.vitrail.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hold what the command line reads from and writes to.
 *
 * @param in standard input, for the names of {@code -}
 * @param out standard output, for results
 * @param err standard error, for progress and warnings
 * @param errIsTerminal whether somebody watches standard error, so that progress may be drawn
 */
record Console(InputStream in, PrintStream out, PrintStream err, boolean errIsTerminal) {

    /** Create the console of this process. */
    static Console ofProcess() {
        return new Console(
                System.in, stream(FileDescriptor.out), stream(FileDescriptor.err), watched());
    }

    /** The platform's own charset is ASCII where no locale is set; labels are not. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** {@code System.console()} says no as soon as standard output is redirected. */
    private static boolean watched() {
        try {
            String end = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return end.startsWith("/dev/pts/")
                    || end.startsWith("/dev/tty")
                    || end.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // no such link on this system: better no progress than escape codes in a
            // file
        }
    }
}
