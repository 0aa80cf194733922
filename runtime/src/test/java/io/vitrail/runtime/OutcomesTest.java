package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import io.vitrail.testkit.TinyNetworks;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inputs of which each comes to an end of its own, read and worked on at the same time. */
@Timeout(60)
class OutcomesTest {
    /** Grad-CAM of class 0 at relu1 for 0..15, worked out by hand; linear in the input. */
    private static final double[] MAP = {0, 4, 28, 32.5};

    private static void onM1(BiConsumer<Vitrail, CountingModel> work) {
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(TinyNetworks.m1()))) {
            work.accept(vitrail, model);
            assertThat(model.open).as("passes left open").isZero();
        }
    }

    private static Explanation gradCam(Explanation how) {
        return how.with("grad-cam").layer("relu1").target("class:0");
    }

    private static Values item() {
        return Values.of(numbers(), Axes.channelsFirst(4), 1, 1, 4, 4);
    }

    private static float[] numbers() {
        float[] numbers = new float[16];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    private static double[] map(Outcome outcome) {
        Attribution found = ((Outcome.Done) outcome).explained().attributions().get("grad-cam");
        return found.values().toDoubles();
    }

    @Test
    void eachInputComesToItsOwnEndInOrder() {
        onM1(
                (vitrail, model) -> {
                    Supplier<Object> torn =
                            () -> {
                                throw new UncheckedIOException(new java.io.IOException("torn"));
                            };
                    Supplier<Values> late = OutcomesTest::item;
                    Function<NDManager, NDList> made =
                            manager -> new NDList(manager.create(numbers(), new Shape(1, 1, 4, 4)));
                    Values odd = Values.of(new float[9], Axes.channelsFirst(4), 1, 1, 3, 3);
                    List<Object> inputs =
                            List.of(item(), torn, late, "no input", odd, made, item());

                    List<Outcome> all =
                            vitrail.stream(model, inputs, how -> gradCam(how).batch(4)).toList();

                    assertThat(all)
                            .extracting(Outcome::position)
                            .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
                    assertThat(all).extracting(Outcome::input).containsExactlyElementsOf(inputs);
                    assertThat(all)
                            .extracting(one -> one instanceof Outcome.Done)
                            .containsExactly(true, false, true, false, false, true, true);
                    for (int n : new int[] {0, 2, 5, 6}) {
                        assertThat(map(all.get(n))).containsExactly(MAP);
                    }
                    assertThat(((Outcome.Failed) all.get(1)).error()).hasMessageContaining("torn");
                    assertThat(((Outcome.Failed) all.get(3)).error())
                            .hasMessageContaining("a java.lang.String is none");
                    assertThat(((Outcome.Failed) all.get(4)).error())
                            .isInstanceOf(VitrailException.class)
                            .hasMessageContaining("(1, 1, 3, 3)");
                });
    }

    @Test
    void oneThatFailsInTheNetworkFailsAlone() {
        onM1(
                (vitrail, model) -> {
                    Model picky =
                            refusing(
                                    model,
                                    inputs ->
                                            inputs.head().max().getFloat() > 99
                                                    ? "a number above 99"
                                                    : "");
                    float[] large = numbers();
                    large[3] = 100;
                    Values bad = Values.of(large, Axes.channelsFirst(4), 1, 1, 4, 4);

                    List<Outcome> all =
                            vitrail.stream(
                                            picky,
                                            List.of(item(), bad, item()),
                                            how -> gradCam(how).batch(3))
                                    .toList();

                    assertThat(map(all.get(0))).containsExactly(MAP);
                    assertThat(all.get(1)).isInstanceOf(Outcome.Failed.class);
                    assertThat(map(all.get(2))).containsExactly(MAP);
                    assertThat(((Outcome.Done) all.get(2)).batch()).isEqualTo(1);
                });
    }

    @Test
    void aBatchThatTakesTooMuchMemoryRunsInHalvesAndSoDoThoseBehindIt() {
        onM1(
                (vitrail, model) -> {
                    Model small =
                            refusing(
                                    model,
                                    inputs ->
                                            inputs.head().getShape().get(0) > 3
                                                    ? "can't allocate memory: you tried to allocate 9 bytes"
                                                    : "");
                    List<Values> inputs = IntStream.range(0, 20).mapToObj(i -> item()).toList();

                    List<Outcome> all =
                            vitrail.stream(small, inputs, how -> gradCam(how).batch(8)).toList();

                    assertThat(all)
                            .hasSize(20)
                            .allSatisfy(one -> assertThat(map(one)).containsExactly(MAP));
                    // 8 are refused, then 4 are; from there on it is 2 at once
                    assertThat(model.forward)
                            .containsExactly(2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L);
                    assertThat(((Outcome.Done) all.get(19)).explained().notices())
                            .anySatisfy(
                                    notice ->
                                            assertThat(notice)
                                                    .startsWith("batches of 2 from here on"));
                });
    }

    /** A model that fails where a function of the inputs says why. */
    private static Model refusing(Model model, Function<NDList, String> why) {
        return (Model)
                Proxy.newProxyInstance(
                        Model.class.getClassLoader(),
                        new Class<?>[] {Model.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("run")) {
                                String refusal = why.apply((NDList) arguments[1]);
                                if (!refusal.isEmpty()) {
                                    throw new EngineException(refusal);
                                }
                            }
                            try {
                                return method.invoke(model, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Test
    void anItemTakesItsInputAndEachOutputAndAsMuchForTheWayBack() {
        onM1(
                (vitrail, model) -> {
                    try (NDManager manager = model.newManager()) {
                        NDList one = new NDList(manager.create(numbers(), new Shape(1, 1, 4, 4)));
                        // 16 in; conv1 8, relu1 8, flatten 8, linear 4, relu2 4; floats; twice
                        assertThat(BatchSize.bytes(model.layers(one), one))
                                .isEqualTo(2 * 4 * (16 + 8 + 8 + 8 + 4 + 4));
                    }
                });
    }

    @Test
    void batchesFitIntoTheMemoryThatIsGiven() {
        List<String> notices = new ArrayList<>();
        onM1(
                (vitrail, model) -> {
                    try (NDManager manager = model.newManager()) {
                        NDList one = new NDList(manager.create(numbers(), new Shape(1, 1, 4, 4)));
                        BatchSize roomy = new BatchSize(32, 1000 + 5 * 384, notices::add);
                        roomy.reckon(model.layers(one), one, 1000);
                        assertThat(roomy.now()).isEqualTo(5);
                        roomy.ran(5, 1000 + 5 * 384);
                        assertThat(roomy.now()).isEqualTo(5);
                        assertThat(notices).isEmpty();
                        roomy.ran(5, 5000);
                        assertThat(roomy.now()).isEqualTo(2);

                        BatchSize tight = new BatchSize(32, 1000, notices::add);
                        tight.reckon(model.layers(one), one, 900);
                        assertThat(tight.now()).isEqualTo(1);
                        assertThat(notices.get(1)).endsWith("items run one by one");
                    }
                    List<Outcome> all =
                            vitrail.stream(
                                            model,
                                            List.of(item(), item(), item()),
                                            how -> gradCam(how).memory(1).batch(3))
                                    .toList();
                    assertThat(all).hasSize(3);
                    assertThat(model.forward).containsExactly(1L, 1L, 1L);
                });
    }

    @Test
    void workRunsOnOtherThreadsAndNoMoreThanAFewBatchesAreAlive() {
        onM1(
                (vitrail, model) -> {
                    AtomicInteger given = new AtomicInteger();
                    AtomicInteger finished = new AtomicInteger();
                    AtomicInteger most = new AtomicInteger();
                    Set<String> workers = ConcurrentHashMap.newKeySet();
                    Iterator<Values> endless =
                            Stream.generate(OutcomesTest::item)
                                    .peek(one -> given.incrementAndGet())
                                    .iterator();
                    Function<Outcome, Long> work =
                            outcome -> {
                                workers.add(Thread.currentThread().getName());
                                most.accumulateAndGet(given.get() - finished.get(), Math::max);
                                assertThat(map(outcome)).containsExactly(MAP);
                                finished.incrementAndGet();
                                return outcome.position();
                            };
                    Explanation explanation =
                            gradCam(vitrail.explain(model, endless)).batch(4).ioThreads(3);

                    try (Stream<Long> results = explanation.outcomes(work)) {
                        assertThat(given).hasValue(0);
                        assertThat(results.limit(60))
                                .containsExactlyElementsOf(
                                        IntStream.range(0, 60).mapToObj(i -> (long) i).toList());
                    }

                    assertThat(workers).containsExactly("vitrail-io");
                    assertThat(most.get()).isLessThanOrEqualTo(2 * (2 * 4 + 3) + 2 * 4);
                });
    }

    @Test
    void withoutOrderNobodyWaitsForTheSlow() {
        onM1(
                (vitrail, model) -> {
                    CountDownLatch others = new CountDownLatch(2);
                    Supplier<Values> slow =
                            () -> {
                                try {
                                    assertThat(others.await(30, TimeUnit.SECONDS)).isTrue();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                return item();
                            };
                    List<Long> positions = new ArrayList<>();

                    try (Stream<Outcome> all =
                            vitrail.stream(
                                    model,
                                    List.of(slow, item(), item()),
                                    how -> gradCam(how).batch(1).unordered().ioThreads(2))) {
                        all.forEach(
                                one -> {
                                    positions.add(one.position());
                                    others.countDown();
                                });
                    }

                    assertThat(positions).containsExactlyInAnyOrder(0L, 1L, 2L).endsWith(0L);
                });
    }

    @Test
    void whoStopsGetsTheBatchInHandAndNoError() {
        onM1(
                (vitrail, model) -> {
                    AtomicBoolean stop = new AtomicBoolean();
                    AtomicBoolean closed = new AtomicBoolean();
                    Stream<Values> endless =
                            Stream.generate(OutcomesTest::item).onClose(() -> closed.set(true));

                    List<Outcome> all =
                            vitrail.stream(
                                            model,
                                            endless,
                                            how -> gradCam(how).batch(5).stopWhen(stop::get))
                                    .peek(one -> stop.set(true))
                                    .toList();

                    assertThat(all.size()).isPositive().isLessThanOrEqualTo(20);
                    assertThat(all.size() % 5).isZero();
                    assertThat(closed).isTrue();
                });
    }

    @Test
    void aCallThatIsWrongForAllAndASourceThatFailsEndTheStream() {
        onM1(
                (vitrail, model) -> {
                    assertThatThrownBy(
                                    () ->
                                            vitrail.stream(
                                                            model,
                                                            List.of(item(), item()),
                                                            how -> how.layer("relu9"))
                                                    .toList())
                            .isInstanceOf(VitrailException.class)
                            .hasMessageContaining("no layer 'relu9'");
                    Iterator<Values> failing =
                            Stream.of(1, 2, 0)
                                    .map(
                                            i -> {
                                                if (i == 0) {
                                                    throw new IllegalStateException("dried up");
                                                }
                                                return item();
                                            })
                                    .iterator();
                    List<Outcome> before = new ArrayList<>();
                    assertThatThrownBy(
                                    () ->
                                            gradCam(vitrail.explain(model, failing))
                                                    .batch(1)
                                                    .outcomes()
                                                    .forEach(before::add))
                            .hasMessage("dried up");
                    assertThat(before).hasSize(2);
                    assertThatThrownBy(
                                    () ->
                                            vitrail.stream(
                                                            model,
                                                            List.of(item()),
                                                            OutcomesTest::gradCam)
                                                    .map(one -> one)
                                                    .forEach(
                                                            one -> {
                                                                throw new IllegalStateException(
                                                                        "the reader's");
                                                            }))
                            .hasMessage("the reader's");
                });
    }

    @Test
    void inputsOfEveryKindHaveOutcomes() {
        onM1(
                (vitrail, model) -> {
                    float[] three = new float[3 * 16];
                    for (int i = 0; i < three.length; i++) {
                        three[i] = i % 16;
                    }
                    List<Outcome> numbers =
                            gradCam(vitrail.explain(model, three, 3, 1, 4, 4)).outcomes().toList();
                    assertThat(numbers).hasSize(1);
                    assertThat(((Outcome.Done) numbers.get(0)).explained().items()).isEqualTo(3);
                    assertThat(((Outcome.Done) numbers.get(0)).batch()).isEqualTo(3);

                    try (NDManager manager = model.newManager()) {
                        ArrayDataset dataset =
                                new ArrayDataset.Builder()
                                        .setData(manager.create(three, new Shape(3, 1, 4, 4)))
                                        .optLabels(manager.zeros(new Shape(3)))
                                        .setSampling(2, false)
                                        .build();
                        assertThat(gradCam(vitrail.explain(model, dataset)).outcomes())
                                .extracting(one -> ((Outcome.Done) one).explained().items())
                                .containsExactly(2, 1);
                    }
                });
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(new ChannelsLastSource(3))) {
            Picture picture = Picture.of(6, 4, new byte[72]);

            List<Outcome> all =
                    vitrail.explain(model, picture)
                            .preprocess("none")
                            .layer("conv")
                            .outcomes()
                            .toList();

            assertThat(all).extracting(Outcome::input).containsExactly(picture);
            assertThat(((Outcome.Done) all.get(0)).explained().preprocess())
                    .isEqualTo("none,size=6x4,stretch");
        }
    }

    @Test
    void readingMoreAndWritingMoreTakesMoreThreadsUpToALimit() {
        assertThat(Streaming.usualThreads(1)).isEqualTo(2);
        assertThat(Streaming.usualThreads(2)).isEqualTo(2);
        assertThat(Streaming.usualThreads(16)).isEqualTo(4);
        assertThat(Streaming.usualThreads(64)).isEqualTo(16);
        assertThat(Streaming.usualThreads(256)).isEqualTo(16);
    }
}
