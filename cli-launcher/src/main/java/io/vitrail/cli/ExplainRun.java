package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.render.UnwrittenException;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explain input after input, write what was found, and say so. */
final class ExplainRun {
    private final InputLoop loop;
    private final Progress progress;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    ExplainRun(InputLoop loop, Progress progress, GlobalOptions global, Console console) {
        this.loop = loop;
        this.progress = progress;
        this.global = global;
        this.console = console;
    }

    /**
     * Explain all inputs and return how it ended.
     *
     * @param digest of the model's file
     */
    ExitCode run(Vitrail vitrail, Model model, Asked asked, Digest digest, List<Path> inputs) {
        OutputFolder.create(asked.folder());
        RunRecord record = new RunRecord(vitrail, model, asked, digest);
        InputLoop.Outcome<ItemResult> outcome;
        try (Interruption interruption =
                Interruption.during(() -> interrupted(record, asked, inputs.size()))) {
            outcome =
                    loop.over(
                            inputs,
                            asked.pictures().batch(),
                            new ExplainWork(
                                    vitrail, model, asked, record, progress, interruption, inputs));
            interruption.whole(() -> write(record, asked));
        } catch (UnwrittenException e) {
            keepWhatCanBeKept(record, asked);
            throw e;
        }
        Map<String, Object> document = new LinkedHashMap<>(record.facts());
        if (outcome.code() != ExitCode.DONE) {
            document.putAll(Failure.facts(outcome.code(), outcome.failures()));
        }
        List<String> empty =
                outcome.done().stream()
                        .filter(ItemResult::empty)
                        .map(result -> String.valueOf(result.facts().get("input")))
                        .toList();
        if (!asked.strict() || empty.isEmpty()) {
            print(document, outcome.done());
            return outcome.code();
        }
        String why =
                "--strict: a map shows nothing of "
                        + String.join(", ", empty)
                        + "\n  do:  another target or layer, or leave --strict out";
        if (outcome.failed().isEmpty()) {
            document.putAll(Failure.facts(ExitCode.FAILURE, why));
        }
        print(document, outcome.done());
        progress.error(why);
        return outcome.failed().isEmpty() ? ExitCode.FAILURE : outcome.code();
    }

    private static void write(RunRecord record, Asked asked) {
        if (asked.save().contains("json")) {
            record.write(asked.folder().resolve(RunRecord.FILE));
        }
    }

    /** The record is small: it may fit where an array did not. */
    private static void keepWhatCanBeKept(RunRecord record, Asked asked) {
        try {
            write(record, asked);
        } catch (UnwrittenException e) {
            // what was met first is said
        }
    }

    private void interrupted(RunRecord record, Asked asked, int total) {
        record.interrupted();
        String text = "interrupted: " + record.done() + " of " + total + " inputs are done";
        try {
            write(record, asked);
            if (asked.save().contains("json")) {
                text += ", " + asked.folder().resolve(RunRecord.FILE) + " lists them";
            }
        } catch (UnwrittenException e) {
            text += "; " + e.getMessage();
        }
        progress.error(text);
        if (global.json) {
            console.out().println(Json.text(Failure.facts(ExitCode.INTERRUPTED, text)));
        }
    }

    private void print(Map<String, Object> document, List<ItemResult> results) {
        if (global.json) {
            console.out().println(Json.text(document));
            return;
        }
        if (results.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("INPUT", "TARGET", "CLASS", "LABEL", "SCORE", "FILES");
        results.forEach(result -> result.rows().forEach(table::row));
        console.out().print(table);
        results.stream()
                .flatMap(result -> result.rules().stream())
                .distinct()
                .forEach(console.out()::println);
    }
}
