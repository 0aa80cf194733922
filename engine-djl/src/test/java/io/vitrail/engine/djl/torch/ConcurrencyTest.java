package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.TorchScriptWriter;
import io.vitrail.engine.djl.torchscript.TorchScriptFormat;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One model, many threads: what comes out is what one thread gets, and nobody waits for another.
 */
class ConcurrencyTest {
    private static final int SECONDS = 30; // a deadline, not a wait

    @TempDir Path folder;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A network for pictures of any size: two convolutions, a shortcut, pooling, four classes. */
    private GraphSource picturesOfAnySize() {
        Random random = new Random(11);
        TorchScriptWriter.Module net =
                new TorchScriptWriter.Module(
                        "Net",
                        Map.of(
                                "w1", tensor(random, 8, 3, 3, 3),
                                "w2", tensor(random, 8, 8, 3, 3),
                                "w3", tensor(random, 4, 8)),
                        Map.of(),
                        Map.of(),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          a = torch.relu(torch.conv2d(x, self.w1, None, [1, 1], [1, 1]))
                          b = torch.conv2d(a, self.w2, None, [1, 1], [1, 1])
                          c = torch.relu_(torch.add(a, b))
                          d = torch.mean(c, [2, 3])
                          return torch.linear(d, self.w3)
                        """);
        Path file = folder.resolve("net.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TorchScriptWriter.write(net, "net", out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new TorchScriptFormat().open(file);
    }

    private static TorchScriptWriter.Tensor tensor(Random random, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 3;
        }
        return new TorchScriptWriter.Tensor(values, shape);
    }

    private static Model load(GraphSource source) {
        return TorchBackend.load(source, Device.cpu(), false, NativeCalls.DIRECT);
    }

    private static <T> List<T> join(List<Future<T>> all) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> each : all) {
            results.add(each.get(SECONDS, TimeUnit.SECONDS));
        }
        return results;
    }

    /** One of twelve pieces of work: size, batch, probe and target differ. */
    private static List<float[]> work(Model model, int number) {
        int size = 8 + 4 * (number % 3);
        int items = 1 + number % 2;
        try (NDManager manager = model.newManager()) {
            Shape shape = new Shape(items, 3, size, size);
            float[] values = new float[(int) shape.size()];
            Random random = new Random(number);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            NDList inputs = new NDList(manager.create(values, shape));
            Layers layers = model.layers(inputs);
            Layer relu = layers.get(number % 2 == 0 ? "relu" : "relu#2");
            Target target = Targets.classIndex(number % 4);
            Probe probe =
                    number % 4 < 2
                            ? Probe.at(List.of(relu))
                            : Probe.atInput()
                                    .differentiateAt(Probe.PLAIN, List.of(relu))
                                    .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                                    .differentiateAtInput("guided");
            try (Pass pass = model.run(probe, inputs)) {
                List<float[]> results = new ArrayList<>();
                results.add(pass.outputs().head().toFloatArray());
                results.add(pass.output(relu).toFloatArray());
                results.add(pass.gradient(target, relu).toFloatArray());
                if (number % 4 >= 2) {
                    results.add(pass.gradient(target).toFloatArray());
                    results.add(pass.gradient(target, "guided").toFloatArray());
                }
                return results;
            }
        }
    }

    @Test
    void fourThreadsWithDifferentWorkGetWhatOneThreadGetsBitForBit() throws Exception {
        List<List<float[]>> alone = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            try (Model model = load(picturesOfAnySize())) { // each on a model of its own
                alone.add(work(model, number));
            }
        }
        for (int round = 0; round < 3; round++) { // the first calls, which compile, meet as well
            try (Model model = load(picturesOfAnySize())) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Integer>> all = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    int first = 3 * thread;
                    all.add(
                            threads.submit(
                                    () -> {
                                        start.await();
                                        for (int i = 0; i < 36; i++) {
                                            int number = (first + i) % 12;
                                            List<float[]> results = work(model, number);
                                            assertThat(results)
                                                    .as("work %d", number)
                                                    .containsExactlyElementsOf(alone.get(number));
                                        }
                                        return 36;
                                    }));
                }
                start.countDown();
                assertThat(join(all)).containsExactly(36, 36, 36, 36);
            }
        }
    }

    private static NDList threeNumbers(NDManager manager) {
        return new NDList(manager.create(new float[] {0, 100, 0}, new Shape(1, 3)));
    }

    @Test
    void twoPassesAreOnTheirWayBackAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        BackwardRule meeting =
                step -> {
                    NDArray gradient = step.plain(step.gradient());
                    await(both); // until the other pass is here, too
                    return gradient;
                };
        try (Model model = load(TinyNetworks.m2())) {
            Callable<float[]> run =
                    () -> {
                        try (NDManager manager = model.newManager();
                                Pass pass =
                                        model.run(
                                                Probe.outputsOnly()
                                                        .rule("r", Layer::isRectifier, meeting)
                                                        .differentiateAtInput("r"),
                                                threeNumbers(manager))) {
                            return pass.gradient(Targets.classIndex(0), "r").toFloatArray();
                        }
                    };
            assertThat(join(List.of(threads.submit(run), threads.submit(run))))
                    .allSatisfy(found -> assertThat(found).containsExactly(4, 4, 4));
        }
    }

    @Test
    void twoPassesAreOnTheirWayForwardAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (Model model = load(TinyNetworks.m2())) {
            Callable<float[]> run =
                    () -> {
                        try (NDManager manager = model.newManager()) {
                            NDList inputs = threeNumbers(manager);
                            Layer relu = model.layers(inputs).get("relu");
                            Probe probe =
                                    Probe.outputsOnly()
                                            .replace(
                                                    relu,
                                                    output -> {
                                                        await(both);
                                                        return output.mul(2);
                                                    });
                            try (Pass pass = model.run(probe, inputs)) {
                                return pass.outputs().head().toFloatArray();
                            }
                        }
                    };
            // 2 * (90 + 3 * 101) - 1 and + 1
            assertThat(join(List.of(threads.submit(run), threads.submit(run))))
                    .allSatisfy(found -> assertThat(found).containsExactly(785, 787));
        }
    }

    @Test
    void twoShapesAreRecordedAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        GraphSource inner = TinyNetworks.m2();
        GraphSource meeting =
                new GraphSource() {
                    @Override
                    public String format() {
                        return inner.format();
                    }

                    @Override
                    public String name() {
                        return inner.name();
                    }

                    @Override
                    public Optional<String> engine() {
                        return inner.engine();
                    }

                    @Override
                    public List<Graph.Port> inputs() {
                        return inner.inputs();
                    }

                    @Override
                    public Graph graph(NDList inputs) {
                        await(both);
                        return inner.graph(inputs);
                    }

                    @Override
                    public void close() {
                        inner.close();
                    }
                };
        try (Model model = load(meeting)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int items = 1; items <= 2; items++) {
                Shape shape = new Shape(items, 3);
                all.add(
                        threads.submit(
                                () -> {
                                    try (NDManager manager = model.newManager()) {
                                        return model.layers(new NDList(manager.ones(shape))).size();
                                    }
                                }));
            }
            assertThat(join(all)).containsExactly(4, 4);
        }
    }

    @Test
    void twoWeightsAreReadAtOnceAndEachOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        int[] reads = new int[2];
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            parameters.add(
                    new Parameter(
                            "w" + i,
                            new Shape(1),
                            DataType.FLOAT32,
                            () -> {
                                reads[number]++;
                                await(both);
                                ByteBuffer bytes =
                                        ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
                                return bytes.putFloat(0, 7 + number);
                            }));
        }
        try (Weights weights = new Weights(Libtorch.newManager(Device.cpu()))) {
            List<Future<Float>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Parameter parameter = parameters.get(i % 2);
                all.add(threads.submit(() -> weights.get(parameter).toFloatArray()[0]));
            }
            assertThat(join(all)).containsExactly(7f, 8f, 7f, 8f);
            assertThat(reads).containsExactly(1, 1);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other thread does not come: something holds it up", e);
        }
    }

    @Test
    void closingAModelBreaksNoPassAndTheNextOneIsRefusedByName() throws Exception {
        CrankyCalls calls = new CrankyCalls();
        for (int round = 0; round < 20; round++) {
            Model model = TorchBackend.load(TinyNetworks.m2(), Device.cpu(), false, calls);
            CountDownLatch started = new CountDownLatch(2);
            Callable<Integer> untilClosed =
                    () -> {
                        int right = 0;
                        try (NDManager manager = Libtorch.newManager(Device.cpu())) {
                            NDList inputs = threeNumbers(manager);
                            while (true) {
                                Pass pass;
                                try {
                                    pass = model.run(Probe.atInput(), inputs);
                                } catch (IllegalStateException e) {
                                    assertThat(e).hasMessage("model 'm2' is closed");
                                    return right;
                                }
                                started.countDown();
                                try (pass) {
                                    assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray())
                                            .containsExactly(4, 4, 4);
                                    right++;
                                }
                            }
                        }
                    };
            List<Future<Integer>> all =
                    List.of(threads.submit(untilClosed), threads.submit(untilClosed));
            assertThat(started.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            model.close();
            join(all);
            assertThat(calls.openManagers()).as("managers after round %d", round).isZero();
            assertThatThrownBy(model::newManager).hasMessage("model 'm2' is closed");
        }
    }

    @Test
    void aClosedPassRefusesByNameWhateverIsAsked() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = threeNumbers(manager);
            Layer relu = model.layers(inputs).get("relu");
            Target target = Targets.classIndex(0);
            Pass pass = model.run(Probe.atInput().keepInputs(List.of(relu)), inputs);
            pass.close();
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> questions =
                    List.of(
                            pass::layers,
                            pass::inputs,
                            pass::outputs,
                            pass::manager,
                            () -> pass.output(relu),
                            () -> pass.inputs(relu),
                            () -> pass.score(target),
                            () -> pass.classes(target),
                            () -> pass.gradients(target, Probe.PLAIN),
                            () -> pass.gradient(target, relu),
                            () -> pass.rulesAt(Probe.PLAIN),
                            () -> pass.reaches(target, relu));
            for (int i = 0; i < questions.size(); i++) {
                assertThatThrownBy(questions.get(i))
                        .as("question %d", i)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("this pass of 'm2' is closed");
            }
        }
    }
}
