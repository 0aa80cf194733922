package io.vitrail.cli;

import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.render.UnwrittenException;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Outcome;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Explain inputs, write the files of each, and enter it in the journal.
 *
 * <p>Inputs are read, explained and written at the same time; entered and said one by one.
 */
final class ExplainStream {
    private final Vitrail vitrail;
    private final Model model;
    private final Asked asked;
    private final RunRecord record;
    private final Journal journal;
    private final List<ItemSink> sinks;
    private final Progress progress;
    private final Interruption interruption;
    private final ResultTable table;
    private final Tally tally;
    private final Set<String> said = new HashSet<>();
    private final Object large = new Object();
    private final SpareMemory spare = new SpareMemory();
    private volatile @Nullable UnwrittenException unwritten;

    /** Where what a run finds goes. */
    record Ways(
            RunRecord record,
            Journal journal,
            List<ItemSink> sinks,
            ResultTable table,
            Progress progress,
            Interruption interruption) {}

    ExplainStream(Vitrail vitrail, Model model, Asked asked, Tally tally, Ways ways) {
        this.vitrail = vitrail;
        this.model = model;
        this.asked = asked;
        this.tally = tally;
        this.record = ways.record();
        this.journal = ways.journal();
        this.sinks = ways.sinks();
        this.table = ways.table();
        this.progress = ways.progress();
        this.interruption = ways.interruption();
    }

    /**
     * Explain all inputs, but those that an earlier run has done.
     *
     * @throws UnwrittenException if a result cannot be written; what was whole by then is entered
     */
    void over(List<Path> inputs) {
        OutputNames names = new OutputNames(inputs, asked.methods());
        Pace pace = new Pace(inputs.size(), System::nanoTime);
        if (asked.hasTargetsOfEach()) {
            for (int i = 0; i < inputs.size(); i++) {
                List<String> targets =
                        InputFiles.isArray(inputs.get(i))
                                ? asked.targets()
                                : asked.targetsFor(i, 1, inputs.size());
                over(inputs.subList(i, i + 1), i, names, targets, pace);
            }
        } else {
            over(inputs, 0, names, asked.targets(), pace);
        }
        progress.clear();
        UnwrittenException met = unwritten;
        if (met != null) {
            throw met;
        }
    }

    private void over(
            List<Path> inputs, int first, OutputNames names, List<String> targets, Pace pace) {
        String call = record.call(targets);
        Iterator<NamedInput> todo =
                new Todo(
                        inputs.iterator(),
                        first,
                        (position, file) ->
                                new NamedInput(position, file, names.stem(file), model, asked),
                        input -> interruption.asked() ? Todo.Choice.END : choice(input, call));
        Explanation explanation = vitrail.explain(model, todo);
        asked.applyTo(explanation, model, targets)
                .progress(this::progress)
                .cancelWhen(interruption::overdue)
                .stopWhen(() -> interruption.asked() || unwritten != null);
        if (asked.many().memory() == 0 || asked.pictures().batchGiven().isPresent()) {
            explanation.batch(asked.pictures().batch());
        }
        try (Stream<Written> all = explanation.outcomes(outcome -> written(outcome, call))) {
            all.forEachOrdered(one -> enter(one, pace));
        }
    }

    private Todo.Choice choice(NamedInput input, String call) {
        if (!asked.many().resume()
                || !sinks.stream().allMatch(sink -> sink.has(input.file()))
                || journal.done(input.file())
                        .filter(line -> sinks.stream().allMatch(sink -> sink.has(input.file())))
                        .filter(line -> Resumption.isDone(line, input, call, asked.folder()))
                        .isEmpty()) {
            return Todo.Choice.DO;
        }
        tally.earlier();
        if (tally.ofEarlier() % 100 == 0) {
            progress.show(tally.ofEarlier() + " inputs were done before");
        }
        return Todo.Choice.LEAVE;
    }

    /**
     * What was done with an input: it is written, or failed, or left out for another could not be
     * written.
     */
    private record Written(
            NamedInput input, @Nullable FinishedItem item, @Nullable RuntimeException error) {}

    /** Write the files of an input, on one of the threads that do so. */
    private Written written(Outcome outcome, String call) {
        NamedInput input = (NamedInput) outcome.input();
        if (outcome instanceof Outcome.Failed failed) {
            return failed(input, failed.error());
        }
        if (unwritten != null) {
            return new Written(input, null, null);
        }
        Outcome.Done done = (Outcome.Done) outcome;
        try {
            return written(input, done, call);
        } catch (OutOfMemoryError e) {
            synchronized (large) { // several large pictures at once may be too much, one not
                return writtenAlone(input, done, call, e);
            }
        }
    }

    private Written writtenAlone(
            NamedInput input, Outcome.Done done, String call, OutOfMemoryError before) {
        try {
            return written(input, done, call);
        } catch (OutOfMemoryError e) {
            return failed(
                    input,
                    new VitrailException(VitrailException.Kind.FAILURE, Failure.text(e), before));
        }
    }

    private Written written(NamedInput input, Outcome.Done done, String call) {
        try {
            return interruption.whole(
                    () -> {
                        Explained one = done.explained();
                        ResultFiles files = new ResultFiles(asked, record.digest(), input);
                        ItemResult result = ItemResult.written(input, one, done.batch(), files);
                        Resumption.note(result.facts(), call, asked.folder(), files.written());
                        return new Written(
                                input,
                                new FinishedItem(
                                        input.position(), input.file(), input.stem(), one, result),
                                null);
                    });
        } catch (UnwrittenException e) {
            unwritten = e;
            return new Written(input, null, null);
        } catch (VitrailException e) { // the picture that it is drawn over
            return failed(input, e);
        }
    }

    private static Written failed(NamedInput input, RuntimeException e) {
        return new Written(input, null, InputLoop.naming(input.file(), e));
    }

    private void enter(Written one, Pace pace) {
        RuntimeException error = one.error();
        FinishedItem item = one.item();
        if (error != null) {
            interruption.whole(() -> journal.addFailed(one.input().file(), Failure.text(error)));
            tally.failed(error);
            progress.error(Failure.text(error));
        } else if (item != null) {
            enter(item);
        }
        if (pace.total() > 1) {
            progress.show(pace.line(tally.behind()) + "  " + one.input());
        }
        spare.giveBack(); // the network is not running
    }

    private void enter(FinishedItem item) {
        for (String notice : item.explained().notices()) {
            if (said.add(notice)) {
                progress.warn(notice);
            }
        }
        interruption.whole(
                () -> {
                    sinks.forEach(sink -> sink.take(item));
                    journal.add(item.input(), item.result().facts());
                    tally.done(item.input(), item.result().empty());
                });
        table.add(item.result());
        item.explained()
                .warnings()
                .forEach(warning -> progress.warn(item.input() + ": " + warning));
    }

    private void progress(String step, long done, long all) {
        if (all > 1) {
            progress.show(step + " " + done + "/" + all);
        }
    }
}
