package io.vitrail.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Hold what the command line reads from and writes to.
 *
 * @param in standard input, for the names of {@code -}
 * @param out standard output, for results
 * @param err standard error, for progress and warnings
 * @param watched who looks on
 */
record Console(InputStream in, ResultStream out, PrintStream err, Watched watched) {
    private static final String RED = "31";
    private static final String YELLOW = "33";

    /**
     * Who looks on.
     *
     * @param out whether standard output is a terminal
     * @param err whether standard error is a terminal, so that progress may be drawn
     * @param colours whether terminals get colours: not with NO_COLOR or on a dumb terminal
     */
    record Watched(boolean out, boolean err, boolean colours) {
        static final Watched NOBODY = new Watched(false, false, false);

        /** Ask the system about the streams and the environment about the colours. */
        static Watched ofProcess() {
            return new Watched(isTerminal(1), isTerminal(2), coloured(System.getenv()));
        }

        /** Return whether colours are wanted; see no-color.org. */
        static boolean coloured(Map<String, String> environment) {
            return environment.getOrDefault("NO_COLOR", "").isEmpty()
                    && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        }

        /** {@code System.console()} says no as soon as standard output is redirected. */
        private static boolean isTerminal(int descriptor) {
            try {
                String end =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
                return end.startsWith("/dev/pts/")
                        || end.startsWith("/dev/tty")
                        || end.equals("/dev/console");
            } catch (IOException | UnsupportedOperationException e) {
                return false; // no such link here: better none than escape codes in a file
            }
        }
    }

    /** Create the console of this process. */
    static Console ofProcess() {
        return new Console(
                System.in,
                new ResultStream(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Watched.ofProcess());
    }

    /** Return whether standard output takes colours. */
    boolean outColoured() {
        return watched.out && watched.colours;
    }

    /** Return whether standard error takes colours. */
    boolean errColoured() {
        return watched.err && watched.colours;
    }

    /**
     * Print an error on standard error.
     *
     * @param who the command that says it
     */
    void error(String who, String text) {
        err.println(mark(who + ":", RED) + " " + harmless(text));
    }

    /** Print a warning on standard error. */
    void warning(String text) {
        err.println(mark("vitrail: warning:", YELLOW) + " " + harmless(text));
    }

    /** Print what is good to know on standard error. */
    void note(String text) {
        err.println("vitrail: " + harmless(text));
    }

    private String mark(String words, String colour) {
        return errColoured() ? "\u001b[1;" + colour + "m" + words + "\u001b[0m" : words;
    }

    /** A name from a file must not steer the terminal. */
    private static String harmless(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }
}
