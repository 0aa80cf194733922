package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.testkit.Targets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Targets that are announced go back together, and have the gradients that they have alone. */
class TogetherTest {
    private static final String GUIDED = "guided";
    private static final List<Long> TWO = List.of(2L, 2L);
    private static final List<Long> ONE = List.of(1L, 1L);
    private static final List<Long> NONE = List.of(0L, 0L);

    private final CrankyCalls calls = new CrankyCalls();

    private static HeadNetwork first(long items) {
        return new HeadNetwork(Layout.CHANNELS_FIRST, items, 5, 4);
    }

    private static HeadNetwork last(long items) {
        return new HeadNetwork(Layout.CHANNELS_LAST, items, 5, 4);
    }

    private static Operator maxPool(Layout layout) {
        return new Operator.MaxPool(TWO, TWO, NONE, NONE, ONE, false, layout);
    }

    /** Heads that are linear in the sense of {@link Stack}, by what stands in them. */
    private static final Map<String, LongFunction<HeadNetwork>> STACKED =
            Map.ofEntries(
                    Map.entry(
                            "mean",
                            n ->
                                    first(n).then(
                                                    "mean",
                                                    new Operator.Mean(List.of(2, 3), false),
                                                    5)
                                            .then("dropout", new Operator.Identity())
                                            .linear("logits", HeadNetwork.CLASSES)),
                    Map.entry(
                            "mean, channels last",
                            n ->
                                    last(n).then("mean", new Operator.Mean(List.of(1, 2), false), 5)
                                            .linear("logits", HeadNetwork.CLASSES)),
                    Map.entry(
                            "pool to one, rectifiers",
                            n ->
                                    first(n).then(
                                                    "pool",
                                                    new Operator.AdaptiveAveragePool(ONE),
                                                    5,
                                                    1,
                                                    1)
                                            .then("flatten", new Operator.Flatten(1, 3), 5)
                                            .linear("a", 9)
                                            .then("relu", new Operator.Relu())
                                            .linear("b", 8)
                                            .then("leaky", new Operator.LeakyRelu(0.2))
                                            .linear("logits", HeadNetwork.CLASSES)),
                    Map.entry(
                            "max pool, flat, softmax",
                            n ->
                                    first(n).then("pool", maxPool(Layout.CHANNELS_FIRST), 5, 2, 2)
                                            .then(
                                                    "flatten",
                                                    new Operator.Reshape(List.of(n, 20L)),
                                                    20)
                                            .linear("a", 9)
                                            .then("relu", new Operator.Relu())
                                            .linear("logits", HeadNetwork.CLASSES)
                                            .then("softmax", new Operator.Softmax(1))),
                    Map.entry(
                            "max pool, channels last, log softmax",
                            n ->
                                    last(n).then("pool", maxPool(Layout.CHANNELS_LAST), 2, 2, 5)
                                            .then("flatten", new Operator.Flatten(1, 3), 20)
                                            .linear("a", 7)
                                            .then("tanh", new Operator.Tanh())
                                            .linear("logits", HeadNetwork.CLASSES)
                                            .then("log", new Operator.LogSoftmax(1))),
                    Map.entry(
                            "norm, smooth activations, average pool",
                            n ->
                                    first(n).norm("norm")
                                            .then("silu", new Operator.Silu())
                                            .then(
                                                    "pool",
                                                    new Operator.AveragePool(
                                                            TWO, TWO, NONE, false, true),
                                                    5,
                                                    2,
                                                    2)
                                            .then(
                                                    "pool2",
                                                    new Operator.AdaptiveAveragePool(ONE),
                                                    5,
                                                    1,
                                                    1)
                                            .then("flatten", new Operator.Flatten(1, 3), 5)
                                            .then("swish", new Operator.HardSwish())
                                            .linear("logits", HeadNetwork.CLASSES)),
                    Map.entry(
                            "tokens and joins",
                            n ->
                                    first(n).then(
                                                    "rows",
                                                    new Operator.Reshape(List.of(n, 5L, 16L)),
                                                    5,
                                                    16)
                                            .then(
                                                    "turn",
                                                    new Operator.Permute(List.of(0, 2, 1)),
                                                    16,
                                                    5)
                                            .linear("a", 5)
                                            .then("gate", new Operator.Sigmoid())
                                            .join("times", new Operator.Multiply(), "turn")
                                            .join("plus", new Operator.Add(), "a")
                                            .then("mean", new Operator.Mean(List.of(1), false), 5)
                                            .linear("logits", HeadNetwork.CLASSES)));

    /** Heads through which each target goes alone. */
    private static final Map<String, LongFunction<HeadNetwork>> ALONE =
            Map.of(
                    "a convolution",
                            n ->
                                    first(n).convolution("conv2")
                                            .then(
                                                    "mean",
                                                    new Operator.Mean(List.of(2, 3), false),
                                                    5)
                                            .linear("logits", HeadNetwork.CLASSES),
                    "a tape",
                            n ->
                                    first(n).then(
                                                    "mean",
                                                    new Operator.Mean(List.of(2, 3), false),
                                                    5)
                                            .then(
                                                    "erf",
                                                    new Operator.Native(
                                                            "pytorch",
                                                            "erf",
                                                            Map.of("call", "torch.erf($0)")))
                                            .linear("logits", HeadNetwork.CLASSES),
                    "the batch among the classes",
                            n ->
                                    first(n).then(
                                                    "mean",
                                                    new Operator.Mean(List.of(2, 3), false),
                                                    5)
                                            .linear("logits", HeadNetwork.CLASSES)
                                            .then("softmax", new Operator.Softmax(0)));

    private static List<Target> targets(int items) {
        List<Target> targets = new ArrayList<>();
        for (int k = 0; k < HeadNetwork.CLASSES; k++) {
            targets.add(Targets.classIndex(k));
        }
        long[] each = new long[items];
        for (int n = 0; n < items; n++) {
            each[n] = (5 * n + 2) % HeadNetwork.CLASSES;
        }
        targets.add(Targets.classIndex(each));
        targets.add(Targets.squares());
        targets.add(outputs -> outputs.head().softmax(1).get(":, 1"));
        return targets;
    }

    private static Probe probe(Layer features) {
        return Probe.at(List.of(features))
                .rule(GUIDED, Layer::isRectifier, BackwardRule.GUIDED)
                .differentiateAt(GUIDED, List.of(features));
    }

    private Model load(HeadNetwork network, boolean exact) {
        return TorchBackend.load(network, Device.cpu(), exact, calls);
    }

    private int runs() {
        return Collections.frequency(calls.made(), "run");
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreThoseOfEachTargetAlone() {
        return Stream.of(STACKED, ALONE)
                .flatMap(heads -> heads.entrySet().stream())
                .flatMap(
                        head ->
                                Stream.of(1, 3)
                                        .map(
                                                items ->
                                                        DynamicTest.dynamicTest(
                                                                head.getKey() + ", batch " + items,
                                                                () ->
                                                                        compare(
                                                                                head.getValue(),
                                                                                items))));
    }

    private void compare(LongFunction<HeadNetwork> head, int items) {
        for (boolean exact : new boolean[] {false, true}) {
            HeadNetwork network = head.apply(items);
            try (Model model = load(network, exact);
                    NDManager own = Libtorch.newManager(Device.cpu())) {
                NDList inputs = network.numbers(own);
                Layer features = model.layers(inputs).get("features");
                List<Target> targets = targets(items);
                try (Pass alone = model.run(probe(features), inputs);
                        Pass together = model.run(probe(features), inputs)) {
                    together.announce(targets);
                    for (Target target : targets) {
                        for (String sweep : List.of(Probe.PLAIN, GUIDED)) {
                            check(
                                    together.gradient(target, features, sweep),
                                    alone.gradient(target, features, sweep));
                        }
                        together.forget(target);
                    }
                }
            }
        }
    }

    private static void check(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        float[] a = actual.toFloatArray();
        float[] e = expected.toFloatArray();
        float largest = 1e-3f;
        for (float number : e) {
            largest = Math.max(largest, Math.abs(number));
        }
        for (int i = 0; i < e.length; i++) {
            assertThat(a[i]).isCloseTo(e[i], within(1e-6f * largest));
        }
    }

    @TestFactory
    Stream<DynamicTest> aHeadThatTreatsRowsOneByOneTakesOneCall() {
        return STACKED.entrySet().stream()
                .map(
                        head ->
                                DynamicTest.dynamicTest(
                                        head.getKey(),
                                        () -> assertThat(runsBack(head.getValue())).isOne()));
    }

    @TestFactory
    Stream<DynamicTest> otherHeadsTakeACallATarget() {
        return ALONE.entrySet().stream()
                .map(
                        head ->
                                DynamicTest.dynamicTest(
                                        head.getKey(),
                                        () ->
                                                assertThat(runsBack(head.getValue()))
                                                        .isEqualTo(HeadNetwork.CLASSES)));
    }

    private int runsBack(LongFunction<HeadNetwork> head) {
        return runsBack(head.apply(3), HeadNetwork.CLASSES);
    }

    private int runsBack(HeadNetwork network, int count) {
        return runsBack(network, count, "features", Probe.outputsOnly());
    }

    /**
     * Return the native calls of the ways back of many targets to a layer, each asked for once.
     *
     * @param beside what else the pass is asked for
     */
    private int runsBack(HeadNetwork network, int count, String layer, Probe beside) {
        try (Model model = load(network, false);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = network.numbers(own);
            Layer features = model.layers(inputs).get(layer);
            List<Target> targets = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                targets.add(Targets.classIndex(k % HeadNetwork.CLASSES));
            }
            int runs = 0;
            for (int i = 0; i < 2; i++) { // the first pass prepares weights too
                try (Pass pass = model.run(Probe.at(List.of(features)).and(beside), inputs)) {
                    targets.forEach(pass::score);
                    pass.announce(targets);
                    calls.failAt(0);
                    for (Target target : targets) {
                        pass.gradient(target, features);
                        pass.forget(target);
                    }
                    runs = runs();
                }
            }
            return runs;
        }
    }

    @Test
    void aWayThatEndsAtAConvolutionIsLightBesideOneToTheInput() {
        Probe guided =
                Probe.outputsOnly()
                        .rule(GUIDED, Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput(GUIDED);
        HeadNetwork network = STACKED.get("mean").apply(3);
        assertThat(runsBack(network, HeadNetwork.CLASSES, "conv", guided)).isOne();
    }

    @Test
    void asManyGoTogetherAsABoundedMemoryHolds() {
        // the gradients at 16 x 128 x 128 of one target take 1 MiB, and 1 MiB lies beside them
        HeadNetwork network =
                new HeadNetwork(Layout.CHANNELS_FIRST, 1, 16, 128)
                        .then("mean", new Operator.Mean(List.of(2, 3), false), 16)
                        .linear("logits", HeadNetwork.CLASSES);
        long most = Stack.BYTES / (4L << 20);
        assertThat(runsBack(network, 40)).isBetween((int) (40 / (2 * most)), (int) (40 / most) + 2);
        assertThat(runsBack(network, 40)).isGreaterThan(1);
    }

    @Test
    void whatIsNotAnnouncedOrNotTheFirstIsFoundToo() {
        HeadNetwork network = STACKED.get("mean").apply(3);
        List<Target> targets = targets(3);
        try (Model model = load(network, false);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = network.numbers(own);
            Layer features = model.layers(inputs).get("features");
            try (Pass alone = model.run(Probe.at(List.of(features)), inputs);
                    Pass pass = model.run(Probe.at(List.of(features)), inputs)) {
                pass.announce(
                        List.of(targets.get(0), targets.get(3), targets.get(4), targets.get(3)));
                pass.forget(targets.get(0));
                for (int i : new int[] {1, 4, 3, 0}) {
                    NDArray gradient = pass.gradient(targets.get(i), features);
                    check(gradient, alone.gradient(targets.get(i), features));
                }
                NDArray kept = pass.gradient(targets.get(3), features);
                pass.forget(targets.get(4));
                check(kept, alone.gradient(targets.get(3), features));
                pass.forget(targets.get(3));
                check(
                        pass.gradient(targets.get(3), features),
                        alone.gradient(targets.get(3), features));
            }
        }
    }
}
