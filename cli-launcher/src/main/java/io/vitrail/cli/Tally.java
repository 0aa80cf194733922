package io.vitrail.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Count what became of the inputs of a run, however many they are. Safe for several threads. */
final class Tally {
    /** What is said of one run at once; the record has the others. */
    private static final int SAID = 100;

    private final List<String> failures = new ArrayList<>();
    private final List<String> empties = new ArrayList<>();
    private ExitCode worst = ExitCode.DONE;
    private long done;
    private long earlier;
    private long failed;
    private long empty;

    /** Count an input that an earlier run has done. */
    synchronized void earlier() {
        earlier++;
    }

    /** Count an input that is done. */
    synchronized void done(Path input, boolean isEmpty) {
        done++;
        if (isEmpty && ++empty <= SAID) {
            empties.add(input.toString());
        }
    }

    /** Count an input that failed. */
    synchronized void failed(RuntimeException error) {
        ExitCode code = ExitCode.of(error);
        worst = code.compareTo(worst) > 0 ? code : worst;
        if (++failed <= SAID) {
            failures.add(Failure.text(error));
        }
    }

    /** Return how many are done, now or before. */
    synchronized long done() {
        return done + earlier;
    }

    /** Return how many are done, or failed. */
    synchronized long behind() {
        return done + earlier + failed;
    }

    /** Return how many an earlier run has done. */
    synchronized long ofEarlier() {
        return earlier;
    }

    /** Return whether an input failed. */
    synchronized boolean hasFailed() {
        return failed > 0;
    }

    /** Return how the call ends: failed means all, the code of the worst. */
    synchronized ExitCode code() {
        if (failed == 0) {
            return ExitCode.DONE;
        }
        return done() > 0 ? ExitCode.SOME_FAILED : worst;
    }

    /** Return what is said of those that failed. */
    synchronized String failures() {
        return String.join("\n", failures) + more(failed);
    }

    /** Return the inputs of which a map shows nothing; an empty text if there are none. */
    synchronized String empties() {
        return String.join(", ", empties) + more(empty);
    }

    private static String more(long count) {
        return count > SAID ? "\nand " + (count - SAID) + " more, see the record" : "";
    }
}
