package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import io.vitrail.api.Attribution;
import io.vitrail.api.Probe;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import io.vitrail.testkit.TinyNetworks;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Inputs without end, explained as their results are asked for. */
class StreamTest {
    private static void onM1(BiConsumer<Vitrail, CountingModel> work) {
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(TinyNetworks.m1()))) {
            work.accept(vitrail, model);
            assertThat(model.open).as("passes left open").isZero();
        }
    }

    /** M1's example, 0..15, times a number: far above the biases all is linear. */
    private static Values item(int times) {
        float[] numbers = new float[16];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i * times;
        }
        return Values.of(numbers, Axes.channelsFirst(4), 1, 1, 4, 4);
    }

    /** Items 1, 2, 3, ... without end; counts those that were taken. */
    private static Iterable<Values> endless(AtomicInteger taken) {
        return () ->
                IntStream.iterate(1, i -> i + 1)
                        .peek(i -> taken.incrementAndGet())
                        .mapToObj(StreamTest::item)
                        .iterator();
    }

    @Test
    void aBatchIsOnePassForwardAndOneBackToTheLayer() {
        onM1(
                (vitrail, model) -> {
                    List<Attribution> maps =
                            vitrail
                                    .explain(model, endless(new AtomicInteger()))
                                    .with("grad-cam")
                                    .layer("relu1")
                                    .target("class:0")
                                    .batch(4)
                                    .stream()
                                    .limit(8)
                                    .toList();

                    assertThat(maps).hasSize(8);
                    assertThat(model.forward).containsExactly(4L, 4L);
                    assertThat(model.backward).containsExactly("relu1", "relu1");
                    Probe.Sweep back = model.probes.get(0).sweeps().get(Probe.PLAIN);
                    assertThat(back.atInput()).isFalse(); // the suffix alone
                    assertThat(back.layers()).hasSize(1);
                    assertThat(maps.get(0).values().toDoubles())
                            .containsExactly(0, 4, 28, 32.5); // worked out by hand
                    for (int i = 0; i < 8; i++) {
                        assertThat(maps.get(i))
                                .isEqualTo(
                                        vitrail.explain(model, item(i + 1))
                                                .with("grad-cam")
                                                .layer("relu1")
                                                .target("class:0")
                                                .run());
                    }
                });
    }

    @Test
    void nothingRunsBeforeItIsAskedForAndNoMoreThanOneItemIsLookedAtAhead() {
        onM1(
                (vitrail, model) -> {
                    AtomicInteger taken = new AtomicInteger();
                    try (Stream<Attribution> maps =
                            vitrail.explain(model, endless(taken)).batch(3).stream()) {
                        assertThat(taken).hasValue(0);
                        Iterator<Attribution> one = maps.iterator();
                        for (int i = 1; i <= 7; i++) {
                            one.next();
                            assertThat(taken.get()).isBetween(i, (i + 2) / 3 * 3 + 1);
                            assertThat(model.open).isZero();
                        }
                    }
                    assertThat(model.forward).containsExactly(3L, 3L, 3L);
                });
    }

    @Test
    void aParallelStreamDoesNotRunAhead() {
        onM1(
                (vitrail, model) -> {
                    long found =
                            vitrail
                                    .explain(model, List.of(item(1), item(2), item(3)))
                                    .batch(1)
                                    .stream()
                                    .parallel()
                                    .count();
                    assertThat(found).isEqualTo(3);
                    assertThat(model.forward).containsExactly(1L, 1L, 1L);
                });
    }

    @Test
    void suppliersAndFunctionsAreAskedWhenTheirTurnComes() {
        onM1(
                (vitrail, model) -> {
                    Supplier<Values> supplier = () -> item(1);
                    Function<NDManager, NDList> function =
                            manager ->
                                    new NDList(
                                            manager.create(item(2).toFloats()).reshape(1, 1, 4, 4));

                    List<Attribution> maps =
                            vitrail
                                    .explain(model, List.of(supplier, function, item(3)))
                                    .target("class:0")
                                    .stream()
                                    .toList();

                    for (int i = 0; i < 3; i++) {
                        assertThat(maps.get(i))
                                .isEqualTo(
                                        vitrail.explain(model, item(i + 1))
                                                .target("class:0")
                                                .run());
                    }
                });
    }

    @Test
    void closingLetsGoOfTheSource() {
        onM1(
                (vitrail, model) -> {
                    AtomicBoolean closed = new AtomicBoolean();
                    Stream<Values> source =
                            Stream.of(item(1), item(2)).onClose(() -> closed.set(true));
                    Stream<Attribution> maps = vitrail.explain(model, source).batch(1).stream();
                    Iterator<Attribution> one = maps.iterator();
                    one.next();
                    assertThat(closed).isFalse();
                    maps.close();
                    assertThat(closed).isTrue();
                    assertThat(one.hasNext()).isFalse();
                    assertThat(model.forward).containsExactly(1L);

                    AtomicBoolean ended = new AtomicBoolean();
                    Stream<Values> whole = Stream.of(item(1)).onClose(() -> ended.set(true));
                    assertThat(vitrail.explain(model, whole).stream()).hasSize(1);
                    assertThat(ended).isTrue(); // read to its end, it closes itself
                });
    }

    @Test
    void theClassIsChosenPerItemInThePassAndSeveralLayersShareIt() {
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(new ChannelsLastSource(3)))) {
            // class 0 is the mean of red - 2 green + 3 blue, class 1 is 0
            Picture blue = plain(0, 0, 100);
            Picture green = plain(0, 100, 0);

            List<Explained> all =
                    vitrail.explain(model, List.of(blue, green, blue).iterator())
                            .preprocess("none")
                            .layer("conv")
                            .layer("relu")
                            .with("grad-cam")
                            .with("gradient")
                            .batch(3)
                            .streamAll()
                            .toList();

            assertThat(all)
                    .extracting(one -> one.scored().get(0).classes().get(0))
                    .containsExactly(0L, 1L, 0L);
            assertThat(all)
                    .extracting(one -> one.scored().get(0).scores().get(0))
                    .containsExactly(300.0, 0.0, 300.0);
            assertThat(all.get(1).attributions().get("grad-cam").parts()).hasSize(2);
            assertThat(all.get(2).seen()).hasSize(1);
            assertThat(all.get(2).preprocess()).isEqualTo("none,size=6x4,stretch");
            assertThat(all.get(2).forwardPasses()).isEqualTo(1);
            assertThat(model.forward).containsExactly(3L);
            assertThat(model.open).isZero();
        }
    }

    private static Picture plain(int red, int green, int blue) {
        byte[] pixels = new byte[72];
        for (int i = 0; i < 72; i++) {
            pixels[i] = (byte) (i % 3 == 0 ? red : i % 3 == 1 ? green : blue);
        }
        return Picture.of(6, 4, pixels);
    }

    @Test
    void aDatasetGivesItsOwnBatches() {
        onM1(
                (vitrail, model) -> {
                    try (NDManager manager = model.newManager()) {
                        NDArray data = manager.arange(5 * 16f).reshape(5, 1, 4, 4);
                        ArrayDataset dataset =
                                new ArrayDataset.Builder()
                                        .setData(data)
                                        .optLabels(manager.zeros(new ai.djl.ndarray.types.Shape(5)))
                                        .setSampling(2, false)
                                        .build();

                        List<Attribution> maps =
                                vitrail.explain(model, dataset).target("class:0").stream().toList();

                        assertThat(model.forward).containsExactly(2L, 2L, 1L);
                        assertThat(maps).hasSize(5);
                        assertThat(maps.get(0).values().toDoubles())
                                .containsExactly(0, 4, 28, 32.5);
                        assertThat(maps.get(4))
                                .isEqualTo(
                                        vitrail.explain(
                                                        model,
                                                        data.get("4:5").toFloatArray(),
                                                        1,
                                                        1,
                                                        4,
                                                        4)
                                                .target("class:0")
                                                .run());
                    }
                });
    }

    @Test
    void whatIsNoInputOrHasNoNumberIsRefused() {
        onM1(
                (vitrail, model) -> {
                    assertThatThrownBy(() -> vitrail.explain(model, List.of(item(1), "x")).runAll())
                            .isInstanceOfSatisfying(
                                    VitrailException.class,
                                    e ->
                                            assertThat(e.kind())
                                                    .isEqualTo(VitrailException.Kind.INPUT))
                            .hasMessageContaining("a java.lang.String is none")
                            .hasMessageContaining("Path, Picture");
                    assertThatThrownBy(() -> vitrail.explain(model, Stream.of()).runAll())
                            .hasMessageContaining("no inputs");
                    assertThat(vitrail.explain(model, Stream.of()).stream()).isEmpty();
                    assertThatThrownBy(
                                    () ->
                                            vitrail
                                                    .explain(model, List.of(item(1), item(2)))
                                                    .target("class:0,1")
                                                    .stream()
                                                    .toList())
                            .hasMessageContaining("give one for all");
                    assertThatThrownBy(
                                    () ->
                                            vitrail
                                                    .explain(model, List.of(item(1)))
                                                    .with("grad-cam")
                                                    .with("gradient")
                                                    .stream())
                            .hasMessageContaining("streamAll() returns the results of all");
                    assertThat(
                                    vitrail.explain(model, new ArrayList<>(List.of(item(1))))
                                            .run()
                                            .values()
                                            .shape())
                            .containsExactly(1, 2, 2);
                });
    }
}
