package io.vitrail.cli;

import ai.djl.engine.EngineException;
import com.google.inject.Inject;
import io.vitrail.api.VitrailException;
import io.vitrail.render.UnwrittenException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Work through many inputs, so that one that fails does not keep the others from their result. */
final class InputLoop {
    private final Progress progress;

    @Inject
    InputLoop(Progress progress) {
        this.progress = progress;
    }

    /** What is done with some inputs at once. */
    @FunctionalInterface
    interface Work<R> {
        /**
         * Return a result for each file.
         *
         * @param first position of the first file among all
         */
        List<R> on(List<Path> files, int first);

        /** Hear that nothing came of a file. */
        default void failed(Path input, RuntimeException e) {}
    }

    /** What came of it; the failed ones in order, each with what was thrown. */
    record Outcome<R>(List<R> done, Map<Path, RuntimeException> failed) {

        /** Return how the call ends: failed means all, the code of the worst. */
        ExitCode code() {
            if (failed.isEmpty()) {
                return ExitCode.DONE;
            }
            if (!done.isEmpty()) {
                return ExitCode.SOME_FAILED;
            }
            return failed.values().stream().map(ExitCode::of).max(Enum::compareTo).orElseThrow();
        }

        /** Return what is said of the failed ones. */
        String failures() {
            return failed.values().stream().map(Failure::text).collect(Collectors.joining("\n"));
        }
    }

    /**
     * Work on pictures in batches and on files of arrays one by one.
     *
     * <p>A batch that fails is tried again one by one. A wrong call or a refused model ends the
     * loop as long as nothing was done: it would be so for every input. So does a result that
     * cannot be written, at any time.
     */
    <R> Outcome<R> over(List<Path> files, int batch, Work<R> work) {
        Outcome<R> outcome = new Outcome<>(new ArrayList<>(), new LinkedHashMap<>());
        int at = 0;
        while (at < files.size()) {
            int end = at + 1;
            while (!InputFiles.isArray(files.get(at))
                    && end < Math.min(at + batch, files.size())
                    && !InputFiles.isArray(files.get(end))) {
                end++;
            }
            attempt(files.subList(at, end), at, work, outcome, files.size());
            at = end;
        }
        progress.clear();
        return outcome;
    }

    private <R> void attempt(
            List<Path> files, int first, Work<R> work, Outcome<R> outcome, int total) {
        if (total > 1) {
            progress.show("[" + (first + 1) + "/" + total + "] " + files.get(0));
        }
        try {
            outcome.done().addAll(work.on(files, first));
        } catch (VitrailException | EngineException e) {
            if (e instanceof UnwrittenException || outcome.done().isEmpty() && isAboutAll(e)) {
                throw e;
            }
            if (files.size() > 1) {
                for (int i = 0; i < files.size(); i++) {
                    attempt(files.subList(i, i + 1), first + i, work, outcome, total);
                }
            } else {
                RuntimeException named = naming(files.get(0), e);
                outcome.failed().put(files.get(0), named);
                work.failed(files.get(0), named);
                progress.error(Failure.text(named));
            }
        }
    }

    /** What a model says of its input does not know the file's name. */
    static RuntimeException naming(Path file, RuntimeException e) {
        String text = Failure.text(e);
        if (text.startsWith(file.toString())) {
            return e;
        }
        VitrailException.Kind kind =
                e instanceof VitrailException known ? known.kind() : VitrailException.Kind.FAILURE;
        return new VitrailException(kind, file + ": " + text, e);
    }

    private static boolean isAboutAll(RuntimeException e) {
        ExitCode code = ExitCode.of(e);
        return code == ExitCode.USAGE || code == ExitCode.MODEL;
    }
}
