package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import io.vitrail.api.Model;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Explain some inputs at once; write the files of each, and enter it in the record. */
final class ExplainWork implements InputLoop.Work<ItemResult> {
    private final Vitrail vitrail;
    private final Model model;
    private final Asked asked;
    private final RunRecord record;
    private final Progress progress;
    private final Map<Path, String> stems;
    private final int total;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> said = new HashSet<>();
    private final Map<Path, ItemResult> done = new LinkedHashMap<>();
    private final Interruption interruption;
    private Optional<ArrayDrawing> drawing = Optional.empty();

    /**
     * @param interruption asks to give up, and leaves no input half written
     * @param inputs all that there are
     */
    ExplainWork(
            Vitrail vitrail,
            Model model,
            Asked asked,
            RunRecord record,
            Progress progress,
            Interruption interruption,
            List<Path> inputs) {
        this.vitrail = vitrail;
        this.model = model;
        this.asked = asked;
        this.record = record;
        this.progress = progress;
        this.interruption = interruption;
        this.stems = OutputNames.stems(inputs);
        this.total = inputs.size();
    }

    @Override
    public List<ItemResult> on(List<Path> files, int first) {
        if (done.keySet().containsAll(files)) {
            return files.stream().map(done::get).toList(); // its batch failed behind it
        }
        Explained all = explain(files, first);
        for (String notice : all.notices()) {
            if (said.add(notice)) {
                progress.warn(notice);
            }
        }
        List<ItemResult> results = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path input = files.get(i);
            Explained one = files.size() == 1 ? all : all.item(i);
            interruption.whole(() -> write(input, one, files.size()));
            results.add(done.get(input));
            one.warnings().forEach(warning -> progress.warn(input + ": " + warning));
        }
        return results;
    }

    private void write(Path input, Explained one, int batch) {
        ResultFiles files =
                new ResultFiles(asked, record.digest(), input, stems.get(input), taken, drawing);
        ItemResult result = ItemResult.written(input, one, batch, files);
        done.put(input, result);
        record.add(result.facts());
    }

    @Override
    public void failed(Path input, RuntimeException e) {
        interruption.whole(() -> record.addFailed(input, Failure.text(e)));
    }

    private Explained explain(List<Path> files, int first) {
        if (InputFiles.isArray(files.get(0))) {
            try (NDManager manager = model.newManager()) {
                FedArrays fed = ArrayFile.read(files.get(0), model, manager);
                Explained found = run(vitrail.explain(model, fed.arrays()), asked.targets());
                drawing = Optional.of(ArrayDrawing.of(fed, model, asked.vocabulary()));
                return found;
            }
        }
        drawing = Optional.empty();
        return run(
                vitrail.explain(model, files).batch(files.size()),
                asked.targetsFor(first, files.size(), total));
    }

    private Explained run(Explanation explanation, List<String> targets) {
        return asked.applyTo(explanation, model, targets)
                .progress(this::progress)
                .cancelWhen(interruption::asked)
                .runAll();
    }

    private void progress(String step, long done, long all) {
        if (all > 1) {
            progress.show(step + " " + done + "/" + all);
        }
    }
}
