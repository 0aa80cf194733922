package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Check what every method owes its callers.
 *
 * <p>Extend it with the one method; an engine on the test's path runs it.
 */
public abstract class MethodContract {
    /** Create the contract; for subclasses. */
    protected MethodContract() {}

    /** Return the method to check. */
    protected abstract AttributionMethod method();

    /** Return the engine to run it on; by default the first on the test's path. */
    protected Engine engine() {
        return TestModels.engine();
    }

    private Model load(GraphSource source) {
        return engine().load(source, Engine.Settings.defaults());
    }

    /** Return a network that the method can explain; by default {@link TinyNetworks#m1()}. */
    protected GraphSource network() {
        return TinyNetworks.m1();
    }

    /**
     * Return {@link #network()} with channels last, empty if there is none; by default {@link
     * TinyNetworks#m1ChannelsLast()}.
     */
    protected Optional<GraphSource> networkWithChannelsLast() {
        return Optional.of(TinyNetworks.m1ChannelsLast());
    }

    /**
     * Return the layers to explain at, by default {@code relu1} for a method whose caller must
     * choose.
     */
    protected List<String> layers() {
        return method().place() == AttributionMethod.Place.LAYERS ? List.of("relu1") : List.of();
    }

    /** Return a target for {@link #network()}; by default class 0. */
    protected Target target() {
        return Targets.classIndex(0);
    }

    private Trial trial() {
        return Trial.of(method(), target()).at(layers().toArray(String[]::new));
    }

    private NDArray batch(NDManager manager, Model model, int items) {
        long[] shape = model.inputs().get(0).type().shape().getShape();
        shape[0] = items;
        Shape whole = new Shape(shape);
        float[] counting = new float[(int) whole.size()];
        int size = counting.length / items;
        for (int i = 0; i < counting.length; i++) {
            // the first item counts up, the second down: different gates open
            counting[i] = i / size % 2 == 0 ? i % size : size - 1 - i % size;
        }
        return manager.create(counting, whole);
    }

    @Test
    void idIsWordsInLowerCase() {
        assertThat(method().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    }

    @Test
    void describesItself() {
        assertThat(method().sentence()).matches("(?s)[A-Z].*\\.");
        assertThat(method().cost()).isNotBlank();
        assertThat(method().place()).isNotNull();
    }

    @Test
    void optionsHaveKeysOfTheirOwnAndSayWhatTheyTake() {
        List<String> keys = method().options().stream().map(Option::key).toList();
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[a-z][a-z0-9-]*"));
        for (Option<?> option : method().options()) {
            assertThat(option.values()).as(option.key()).isNotBlank();
            assertThat(option.sentence()).as(option.key()).matches("(?s)[A-Z].*\\.");
            assertThat((Object) option.defaultValue()).as(option.key()).isNotNull();
        }
    }

    @Test
    void isProvidedAsAService() {
        assertThat(ServiceLoader.load(AttributionMethod.class).stream())
                .anyMatch(provider -> provider.type() == method().getClass());
        Module module = method().getClass().getModule();
        if (module.isNamed() && !module.getDescriptor().isAutomatic()) {
            assertThat(module.getDescriptor().provides())
                    .as("provides in the descriptor of %s", module.getDescriptor())
                    .anyMatch(p -> p.providers().contains(method().getClass().getName()));
        }
    }

    @Test
    void isListedForTheClassPathToo() throws IOException {
        // Spark, OSGi and plain class paths do not read a module's descriptor
        String file = "/META-INF/services/" + AttributionMethod.class.getName();
        try (InputStream listed = method().getClass().getResourceAsStream(file)) {
            assertThat(listed).as(file).isNotNull();
            assertThat(new String(listed.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .contains(method().getClass().getName());
        }
    }

    @Test
    void resultHasTheShapeOfItsPlace() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 2));

            Attribution result = trial().run(model, inputs);

            assertThat(result.method()).isEqualTo(method().id());
            assertThat(result.parts()).isNotEmpty();
            result.parts().forEach((part, values) -> checkShape(model, inputs, part, values));
        }
    }

    private static void checkShape(
            Model model, NDList inputs, Attribution.Part part, Values values) {
        if (!part.atLayer()) {
            assertThat(part.place()).isEqualTo(model.inputs().get(0).name());
            assertThat(values.shape()).isEqualTo(inputs.head().getShape().getShape());
            return;
        }
        Layer layer = model.layers(inputs).get(part.place());
        long[] whole = layer.shape().getShape();
        long[] map = Arrays.stream(layer.spatialAxes()).mapToLong(axis -> whole[axis]).toArray();
        long[] withItems = new long[map.length + 1];
        withItems[0] = whole[0];
        System.arraycopy(map, 0, withItems, 1, map.length);
        assertThat(List.of(values.shape())).containsAnyOf(whole, withItems);
    }

    @Test
    void aBatchEqualsItsItems() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDArray batch = batch(manager, model, 3);

            Attribution all = trial().run(model, new NDList(batch));

            for (int n = 0; n < 3; n++) {
                NDArray item = batch.get(new NDIndex(n + ":" + (n + 1)));
                Attribution alone = trial().run(model, new NDList(item));
                assertThat(alone.parts().keySet()).isEqualTo(all.parts().keySet());
                for (Attribution.Part part : all.parts().keySet()) {
                    Values together = all.parts().get(part).item(n);
                    assertThat(Difference.max(together, alone.parts().get(part)))
                            .as("%s, item %d", part, n)
                            .satisfiesAnyOf(
                                    d -> assertThat(d).isLessThan(1e-6),
                                    d -> assertThat(together.isZero()).isTrue());
                }
            }
        }
    }

    @Test
    void channelsLastGiveTheSameMap() {
        Optional<GraphSource> twin = networkWithChannelsLast();
        if (twin.isEmpty()) {
            return;
        }
        try (Model first = load(network());
                Model last = load(twin.get());
                NDManager manager = first.newManager()) {
            NDArray batch = batch(manager, first, 2);
            int[] toLast = {0, 2, 3, 1};
            NDArray view = batch.transpose(toLast);
            NDArray moved = manager.create(view.toFloatArray(), view.getShape());

            Attribution expected = trial().run(first, new NDList(batch));
            Attribution result = trial().run(last, new NDList(moved));

            assertThat(result.parts().keySet()).isEqualTo(expected.parts().keySet());
            result.parts()
                    .forEach(
                            (part, values) ->
                                    assertThat(channelsFirst(values, manager))
                                            .as("%s", part)
                                            .isEqualTo(expected.parts().get(part)));
        }
    }

    private static Values channelsFirst(Values values, NDManager manager) {
        int rank = values.shape().length;
        if (rank != 4 || values.axes().channel() != 3) {
            return values; // a map has no channels
        }
        NDArray array = manager.create(values.toFloats(), new Shape(values.shape()));
        return Values.copyOf(array.transpose(0, 3, 1, 2), Axes.channelsFirst(rank));
    }

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
    void nothingNativeStaysOpen() {
        try (Model model = load(network())) {
            NDManager manager = model.newManager();
            NDList inputs = new NDList(batch(manager, model, 2));
            float[] fed = inputs.head().toFloatArray();
            int before = manager.getManagedArrays().size();

            Attribution result = trial().run(model, inputs);

            assertThat(manager.getManagedArrays()).as("arrays beside the inputs").hasSize(before);
            assertThat(inputs.head().toFloatArray()).as("the inputs").isEqualTo(fed);
            manager.close();
            result.parts().values().forEach(v -> assertThat(v.toFloats()).hasSize(v.size()));
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
