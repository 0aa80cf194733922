package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.Engine;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.Model;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.Target;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How a method treats what it is lent, and who else is at work. */
abstract class MethodManners extends MethodWords {
    @Test
    void twoThreadsAgree() throws Exception {
        try (Model model = load(network())) {
            Callable<Attribution> run =
                    () -> {
                        Attribution last = null;
                        for (int i = 0; i < 10; i++) {
                            try (NDManager manager = model.newManager()) {
                                last = trial().run(model, new NDList(batch(manager, model, 2)));
                            }
                        }
                        return Objects.requireNonNull(last);
                    };
            Attribution alone = run.call();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                for (Future<Attribution> each : threads.invokeAll(List.of(run, run))) {
                    assertThat(each.get().parts()).isEqualTo(alone.parts());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void theSameInputsGiveTheSameResult() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 2));

            Attribution first = trial().run(model, inputs);
            Attribution second = trial().run(model, inputs);

            assertThat(second.parts()).isEqualTo(first.parts());
        }
    }

    @Test
    void leavesTheInputsAsTheyWere() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDArray batch = batch(manager, model, 2);
            float[] fed = batch.toFloatArray();

            trial().run(model, new NDList(batch));

            assertThat(batch.toFloatArray()).as("the inputs").isEqualTo(fed);
        }
    }

    @Test
    void endsAtOnceWhenTheCallerGivesUp() {
        if (!(method() instanceof ManyPassMethod)) {
            return; // the runtime asks before it lets a pass run
        }
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 1));
            Patience unbounded = new Patience(Integer.MAX_VALUE);
            trial().run(model, inputs, unbounded);
            for (int passes = 0; passes < Math.min(unbounded.passes(), 5); passes++) {
                Patience patience = new Patience(passes);
                assertThatThrownBy(() -> trial().run(model, inputs, patience))
                        .as("given up after %d passes", passes)
                        .isInstanceOf(CancellationException.class);
                assertThat(patience.asked())
                        .as("times that it went on after the caller gave up")
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void progressStaysWithinItsTotal() {
        if (!(method() instanceof ManyPassMethod)) {
            return;
        }
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            Patience told = new Patience(Integer.MAX_VALUE);
            trial().run(model, new NDList(batch(manager, model, 1)), told);
            assertThat(told.steps())
                    .allSatisfy(
                            step ->
                                    assertThat(step[0])
                                            .as("step %d of %d", step[0], step[1])
                                            .isBetween(0L, step[1]));
        }
    }

    @Test
    void asksForNoScoreIfItSaysSo() {
        if (method().usesTarget()) {
            return;
        }
        Target forbidden =
                values -> {
                    throw new AssertionError(
                            method().id() + " says that it uses no target, and asked for a score");
                };
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 1));
            new Trial(method(), layers(), forbidden, settings()).run(model, inputs);
        }
    }

    @Test
    void nothingNativeStaysOpen() {
        try (Model model = load(network())) {
            for (int items = 1; items <= 2; items++) {
                NDManager manager = model.newManager();
                NDList inputs = new NDList(batch(manager, model, items));
                int before = manager.getManagedArrays().size();

                Attribution result = trial().run(model, inputs);

                assertThat(manager.getManagedArrays())
                        .as("arrays beside the inputs")
                        .hasSize(before);
                manager.close();
                result.parts().values().forEach(v -> assertThat(v.toFloats()).hasSize(v.size()));
            }
        }
    }

    @Test
    void nothingNativeStaysOpenWhicheverCallFails() {
        int call = 0;
        boolean failed;
        do {
            CrankyEngine engine = new CrankyEngine(engine(), ++call);
            try (NDManager manager = newManager();
                    Model model = engine.load(network(), Engine.Settings.defaults())) {
                NDList inputs = new NDList(batch(manager, model, 2));
                trial().run(model, inputs);
            } catch (EngineException e) {
                assertThat(engine.failed()).as("only this call fails: %s", e).isTrue();
            }
            failed = engine.failed();
            assertThat(engine.openManagers()).as("managers after call %d failed", call).isZero();
            assertThat(engine.openArrays()).as("arrays after call %d failed", call).isZero();
        } while (failed);
        assertThat(call).as("calls that a method makes").isGreaterThan(3);
    }

    private NDManager newManager() {
        try (Model any = load(TinyNetworks.m2())) {
            return any.newManager();
        }
    }

    @Test
    void leavesThePassOpenAndItsArraysAsTheyWere() {
        if (!(method() instanceof OnePassMethod one)) {
            return;
        }
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 2));
            Request request = trial().request(model.layers(inputs));
            NDManager ofPass;
            try (Pass pass = model.run(one.probe(request).reading(target()), inputs)) {
                float[] outputs = pass.outputs().head().toFloatArray();

                Attribution first = one.attribute(pass, request);
                Attribution second = one.attribute(pass, request);

                assertThat(second.parts()).as("asked again").isEqualTo(first.parts());
                assertThat(pass.outputs().head().toFloatArray()).isEqualTo(outputs);
                ofPass = pass.manager();
            }
            assertThat(ofPass.isOpen()).as("the pass's manager, once it is closed").isFalse();
        }
    }

    @Test
    void probesOfEqualRequestsMerge() {
        if (!(method() instanceof OnePassMethod one)) {
            return;
        }
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 1));
            Request request = trial().request(model.layers(inputs));

            assertThat(new LinkedHashSet<>(one.probe(request).and(one.probe(request)).outputs()))
                    .isEqualTo(new LinkedHashSet<>(one.probe(request).outputs()));
        }
    }
}
