package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /** Explain all inputs and return how it ended. */
    ExitCode run(Vitrail vitrail, Model model, Asked asked, List<Path> inputs) {
        create(asked.folder());
        RunRecord record = new RunRecord(vitrail, model, asked);
        Map<Path, String> stems = OutputNames.stems(inputs);
        Set<String> taken = new HashSet<>();
        InputLoop.Outcome<ItemResult> outcome =
                loop.over(
                        inputs,
                        asked.pictures().batch(),
                        (files, first) -> {
                            Explained all =
                                    explain(vitrail, model, asked, files, first, inputs.size());
                            List<ItemResult> results = new ArrayList<>();
                            for (int i = 0; i < files.size(); i++) {
                                Path input = files.get(i);
                                Explained one = files.size() == 1 ? all : all.item(i);
                                ResultFiles writer =
                                        new ResultFiles(
                                                asked,
                                                record.digest(),
                                                input,
                                                stems.get(input),
                                                taken);
                                results.add(ItemResult.written(input, one, files.size(), writer));
                                warn(input, one);
                            }
                            return results;
                        });
        outcome.done().forEach(result -> record.add(result.facts()));
        outcome.failed().forEach((input, e) -> record.addFailed(input, Failure.text(e)));
        if (asked.save().contains("json")) {
            record.write(asked.folder().resolve(RunRecord.FILE));
        }
        print(record, outcome.done());
        List<String> empty =
                outcome.done().stream()
                        .filter(ItemResult::empty)
                        .map(result -> String.valueOf(result.facts().get("input")))
                        .toList();
        if (!asked.strict() || empty.isEmpty()) {
            return outcome.code();
        }
        progress.error(
                "--strict: a map shows nothing of "
                        + String.join(", ", empty)
                        + "\n  do:  another target or layer, or leave --strict out");
        return outcome.failed().isEmpty() ? ExitCode.FAILURE : outcome.code();
    }

    private Explained explain(
            Vitrail vitrail, Model model, Asked asked, List<Path> files, int first, int total) {
        if (InputFiles.isArray(files.get(0))) {
            try (NDManager manager = model.newManager()) {
                Explanation explanation =
                        vitrail.explain(model, ArrayFile.read(files.get(0), model, manager));
                return asked.applyTo(explanation, model, asked.targets())
                        .progress(this::progress)
                        .runAll();
            }
        }
        Explanation explanation = vitrail.explain(model, files).batch(files.size());
        List<String> targets = asked.targetsFor(first, files.size(), total);
        return asked.applyTo(explanation, model, targets).progress(this::progress).runAll();
    }

    private void progress(String step, long done, long total) {
        if (total > 1) {
            progress.show(step + " " + done + "/" + total);
        }
    }

    private void warn(Path input, Explained explained) {
        explained.warnings().forEach(warning -> progress.warn(input + ": " + warning));
    }

    private void print(RunRecord record, List<ItemResult> results) {
        if (global.json) {
            console.out().println(Json.text(record.facts()));
            return;
        }
        if (results.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("INPUT", "TARGET", "CLASS", "LABEL", "SCORE", "FILES");
        results.forEach(result -> result.rows().forEach(table::row));
        console.out().print(table);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw VitrailException.usage(
                    "-o " + folder + ": this folder cannot be created: " + e.getMessage());
        }
    }
}
