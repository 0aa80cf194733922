package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Scored;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    /**
     * What came of one input, without its arrays.
     *
     * @param facts for the record
     * @param rows for the table: input, target, class, label, score, files
     * @param empty whether a map of it shows nothing
     */
    private record Done(Map<String, Object> facts, List<Object[]> rows, boolean empty) {}

    ExitCode run(Vitrail vitrail, Model model, Asked asked, List<Path> inputs) {
        create(asked.folder());
        RunRecord record = new RunRecord(vitrail, model, asked);
        Map<Path, String> stems = OutputNames.stems(inputs);
        Set<String> taken = new HashSet<>();
        InputLoop.Outcome<Done> outcome =
                loop.over(
                        inputs,
                        asked.pictures().batch(),
                        (files, first) -> {
                            Explained explained = explain(vitrail, model, asked, files, first, inputs.size());
                            List<Done> done = new ArrayList<>();
                            for (int i = 0; i < files.size(); i++) {
                                Explained one = files.size() == 1 ? explained : explained.item(i);
                                Path input = files.get(i);
                                done.add(write(asked, input, stems.get(input), taken, one));
                            }
                            return done;
                        });
        outcome.done().forEach(done -> record.add(done.facts()));
        outcome.failed().forEach((input, e) -> record.addFailed(input, Failure.text(e)));
        if (asked.save().contains("json")) {
            record.write(asked.folder().resolve(RunRecord.FILE));
        }
        print(record, outcome);
        boolean empty = outcome.done().stream().anyMatch(Done::empty);
        return outcome.failed().isEmpty() && asked.strict() && empty ? ExitCode.FAILURE : outcome.code();
    }

    private Explained explain(
            Vitrail vitrail, Model model, Asked asked, List<Path> files, int first, int total) {
        if (InputFiles.isArray(files.get(0))) {
            try (NDManager manager = model.newManager()) {
                Explanation explanation = vitrail.explain(model, ArrayFile.read(files.get(0), model, manager));
                return asked.applyTo(explanation, asked.targets()).progress(this::progress).runAll();
            }
        }
        Explanation explanation = vitrail.explain(model, files).batch(files.size());
        List<String> targets = total == 1 ? asked.targets() : asked.targetsFor(first, files.size(), total);
        return asked.applyTo(explanation, targets).progress(this::progress).runAll();
    }

    private void progress(String step, long done, long total) {
        if (!step.equals("forward") && total > 1) {
            progress.show(step + " " + done + "/" + total);
        }
    }

    private Done write(Asked asked, Path input, String stem, Set<String> taken, Explained one) {
        List<Path> written = new ArrayList<>();
        ResultFiles results = new ResultFiles(asked.folder(), stem, taken);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("input", input.toString());
        facts.put("items", one.items());
        facts.put("seconds", one.seconds());
        facts.put("forwardPasses", one.forwardPasses());
        if (!one.preprocess().isEmpty()) {
            facts.put("preprocess", one.preprocess());
        }
        if (asked.save().contains("npz")) {
            Path npz = results.arrays(one);
            written.add(npz);
            facts.put("arrays", npz.toString());
        }
        facts.put("targets", RunRecord.targets(one));
        Map<ResultFiles.Map2, List<Path>> pictures = Map.of();
        one.warnings().forEach(warning -> progress.warn(input + ": " + warning.method() + " at " + warning.part().place() + ": " + warning.text()));
        List<Object[]> rows = new ArrayList<>();
        for (Scored scored : one.scored()) {
            rows.add(new Object[] {input, scored.target()});
        }
        return new Done(facts, rows, !one.warnings().isEmpty());
    }

    private void print(RunRecord record, InputLoop.Outcome<Done> outcome) {
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw VitrailException.usage("-o " + folder + ": cannot be created: " + e.getMessage());
        }
    }
}
