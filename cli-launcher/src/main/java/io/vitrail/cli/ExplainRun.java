package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.render.UnwrittenException;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explain inputs, write what was found, keep a record of it, and say how it ended. */
final class ExplainRun {
    private final Progress progress;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    ExplainRun(Progress progress, GlobalOptions global, Console console) {
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
        ReplacedInputs.refuse(asked, inputs);
        OutputLock lock = OutputLock.of(asked.folder());
        try (lock;
                Journal journal = journal(asked)) {
            RunRecord record = new RunRecord(vitrail, model, asked, digest);
            if (asked.many().resume()) {
                sayWhatChanged(journal, record.call(asked.targets()), asked, inputs);
            }
            try (RunSinks sinks = RunSinks.of(asked, record)) {
                return run(vitrail, model, asked, new Run(record, journal, lock, inputs, sinks));
            }
        }
    }

    /** A run and where what it finds goes. */
    private record Run(
            RunRecord record, Journal journal, OutputLock lock, List<Path> inputs, RunSinks sinks) {
        RunRecord.Said said() {
            return new RunRecord.Said(inputs, journal);
        }
    }

    private static Journal journal(Asked asked) {
        if (Files.exists(asked.folder().resolve(Journal.FILE))) {
            OutputFolder.sweep(asked.folder());
        }
        return asked.many().resume()
                ? Journal.resumed(asked.folder())
                : Journal.begun(asked.folder());
    }

    /** A resumed run that does everything anew may not be what was meant. */
    private void sayWhatChanged(Journal journal, String call, Asked asked, List<Path> inputs) {
        if (asked.hasTargetsOfEach()) {
            return; // each input has a call of its own
        }
        for (Path input : inputs) {
            var line = journal.done(input);
            if (line.isPresent()) {
                if (!Resumption.isOf(line.get(), call)) {
                    progress.warn(
                            "--resume: what is in "
                                    + asked.folder()
                                    + " was made by another call, model or version: it is made anew");
                }
                return;
            }
        }
    }

    private ExitCode run(Vitrail vitrail, Model model, Asked asked, Run run) {
        Tally tally = new Tally();
        ResultTable table = new ResultTable(console, progress);
        try (Interruption interruption =
                Interruption.during(() -> interrupted(asked, run, tally))) {
            try {
                new ExplainStream(
                                vitrail,
                                model,
                                asked,
                                tally,
                                new ExplainStream.Ways(
                                        run.record(),
                                        run.journal(),
                                        run.sinks().all(),
                                        global.json ? table.silent() : table,
                                        progress,
                                        interruption))
                        .over(run.inputs());
                if (!interruption.asked()) {
                    run.sinks().summarise(run.said());
                }
            } finally {
                run.sinks().close();
            }
            if (!interruption.asked()) {
                interruption.whole(() -> write(asked, run));
            }
        } catch (UnwrittenException e) {
            keepWhatCanBeKept(asked, run);
            throw e;
        }
        ExitCode code = said(asked, run, tally, table);
        run.journal().delete();
        return code;
    }

    private static void write(Asked asked, Run run) {
        if (asked.save().contains("json")) {
            run.record().write(asked.folder().resolve(RunRecord.FILE), run.said());
        }
    }

    /** The record is small: it may fit where an array did not; else the journal stays. */
    private static void keepWhatCanBeKept(Asked asked, Run run) {
        try {
            write(asked, run);
            if (asked.save().contains("json")) {
                run.journal().delete();
            }
        } catch (UnwrittenException e) {
            // what was met first is said
        }
    }

    private void interrupted(Asked asked, Run run, Tally tally) {
        run.record().interrupted();
        String text =
                "interrupted: " + tally.done() + " of " + run.inputs().size() + " inputs are done";
        try {
            run.sinks().close();
            write(asked, run);
            if (asked.save().contains("json")) {
                text += ", " + asked.folder().resolve(RunRecord.FILE) + " lists them";
                run.journal().delete();
            }
        } catch (UnwrittenException e) {
            text += "; " + e.getMessage();
        }
        run.lock().close();
        progress.error(text);
        if (global.json) {
            console.out().println(Json.text(Failure.facts(ExitCode.INTERRUPTED, text)));
        }
    }

    private ExitCode said(Asked asked, Run run, Tally tally, ResultTable table) {
        Map<String, Object> error = new LinkedHashMap<>();
        ExitCode code = tally.code();
        if (code != ExitCode.DONE) {
            error.putAll(Failure.facts(code, tally.failures()));
        }
        String empty = asked.strict() ? tally.empties() : "";
        String why =
                "--strict: a map shows nothing of "
                        + empty
                        + "\n  do:  another target or layer, or leave --strict out";
        if (!empty.isEmpty() && code == ExitCode.DONE) {
            code = ExitCode.FAILURE;
            error.putAll(Failure.facts(code, why));
        }
        if (tally.ofEarlier() > 0) {
            progress.note(
                    tally.ofEarlier()
                            + " of "
                            + run.inputs().size()
                            + " inputs were done before and are left as they are");
        }
        print(run, error, table);
        if (!empty.isEmpty()) {
            progress.error(why);
        }
        return code;
    }

    private void print(Run run, Map<String, Object> error, ResultTable table) {
        if (!global.json) {
            table.end();
            return;
        }
        try {
            run.record().write(console.out(), run.said(), error);
        } catch (IOException e) {
            throw new AssertionError("a print stream keeps its problems to itself", e);
        }
    }
}
