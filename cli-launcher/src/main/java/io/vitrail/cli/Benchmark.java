package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Model;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measure what methods cost beside the plain forward pass.
 *
 * <p>First the memory: each method runs {@value #FIRST_RUNS} times, and the most that the process
 * held meanwhile counts. Then the time: the forward pass and every method run until they are warm,
 * and then by turns, so that what else the machine does falls on all alike. In its turn each runs
 * twice, and the second run counts: the first finds the caches full of another copy of the network.
 * DJL's own copy is loaded in between, so that it is no part of the memory.
 */
final class Benchmark {
    private static final int FIRST_RUNS = 3;

    private final Vitrail vitrail;
    private final Model model;
    private final NDList inputs;
    private final Progress progress;

    Benchmark(Vitrail vitrail, Model model, NDList inputs, Progress progress) {
        this.vitrail = vitrail;
        this.model = model;
        this.inputs = inputs;
        this.progress = progress;
    }

    /**
     * What is explained.
     *
     * @param layers none for where the method looks by default
     * @param targets each a part of its own; none for a method that explains no score
     */
    record Work(String method, List<String> layers, List<String> targets) {
        Explanation of(Vitrail vitrail, Model model, NDList inputs) {
            Explanation explanation = vitrail.explain(model, inputs).with(method);
            targets.forEach(explanation::target);
            layers.forEach(explanation::layer);
            return explanation;
        }
    }

    /**
     * What a method needs beside its time.
     *
     * @param layers where it explained
     * @param before mebibytes that were resident before it ran
     * @param peak the most mebibytes that were resident while it ran
     * @param form how the engine ran the network
     */
    record First(
            Work work, List<String> layers, OptionalLong before, OptionalLong peak, String form) {}

    /** What a method costs. */
    record Cost(First first, Timing timing) {}

    /**
     * What was found.
     *
     * @param forwardBy what ran the forward pass
     */
    record Outcome(String forwardBy, Timing forward, List<Cost> costs) {}

    /** Warm the network up, so that its weights are where they will be. */
    void warmUp() {
        progress.show("forward");
        for (int i = 0; i < FIRST_RUNS; i++) {
            Forward.own(model, inputs);
        }
    }

    private void warmUp(Runnable work) {
        progress.show("warming up");
        WarmUp.here().of(work);
    }

    /** Run a method for the first time, and see what it needs. */
    First first(Work work) {
        progress.show(work.method);
        OptionalLong before = ResidentMemory.now();
        ResidentMemory.forgetPeak();
        Explained explained = work.of(vitrail, model, inputs).runAll();
        for (int i = 1; i < FIRST_RUNS; i++) {
            work.of(vitrail, model, inputs).runAll();
        }
        return new First(
                work,
                explained.layers().getOrDefault(work.method, List.of()),
                before,
                ResidentMemory.peak(),
                String.join("+", explained.forms()));
    }

    private static Timing.Run second(Runnable work) {
        work.run();
        return Timing.Run.of(work);
    }

    /** Time the forward pass and what ran before, by turns. */
    Outcome time(Path file, List<First> works, int rounds) {
        List<List<Timing.Run>> runs = new ArrayList<>();
        for (int i = 0; i <= works.size(); i++) {
            runs.add(new ArrayList<>());
        }
        try (Forward forward = Forward.of(model, file, inputs)) {
            warmUp(forward::run);
            for (First first : works) {
                warmUp(() -> first.work.of(vitrail, model, inputs).runAll());
            }
            for (int round = 0; round < rounds; round++) {
                progress.show("round " + (round + 1) + " of " + rounds);
                runs.get(0).add(second(forward::run));
                for (int i = 0; i < works.size(); i++) {
                    Work work = works.get(i).work;
                    runs.get(i + 1).add(second(() -> work.of(vitrail, model, inputs).runAll()));
                }
            }
            List<Cost> costs = new ArrayList<>();
            for (int i = 0; i < works.size(); i++) {
                costs.add(new Cost(works.get(i), Timing.of(runs.get(i + 1))));
            }
            return new Outcome(forward.words(), Timing.of(runs.get(0)), costs);
        } finally {
            progress.clear();
        }
    }
}
