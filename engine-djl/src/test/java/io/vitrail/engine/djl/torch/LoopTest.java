package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A loop of ReLUs, {@code h = relu(x - h before)}, whatever runs it. */
class LoopTest {
    private static final Target LAST = outputs -> outputs.head().get(":, -1, 0");

    /** For three items at once. */
    private static GraphSource loop(int steps) {
        ArrayType step = type(3, 1);
        Graph body =
                new Graph(
                        List.of(new Graph.Port("h", step), new Graph.Port("x", step)),
                        List.of(
                                node(
                                        "loop/sub",
                                        new Operator.Subtract(),
                                        step,
                                        new Value.Input(1),
                                        new Value.Input(0)),
                                node(
                                        "loop/relu",
                                        new Operator.Relu(),
                                        step,
                                        new Value.Output(0, 0))),
                        List.of(
                                new Graph.Result("h", new Value.Output(1, 0)),
                                new Graph.Result("y", new Value.Output(1, 0)),
                                new Graph.Result("z", new Value.Output(0, 0))),
                        Map.of(),
                        false);
        ArrayType sequence = type(3, steps, 1);
        Node loop =
                new Node(
                        "loop",
                        new Operator.Scan("rnn", body, 1),
                        List.of(new Value.Input(1), new Value.Input(0)),
                        Map.of(),
                        List.of(sequence, sequence, step),
                        "drawn");
        Graph graph =
                new Graph(
                        List.of(new Graph.Port("x", sequence), new Graph.Port("h", step)),
                        List.of(loop),
                        List.of(new Graph.Result("y", new Value.Output(0, 0))),
                        Map.of(),
                        false);
        return new GraphSource() {
            @Override
            public String format() {
                return "drawn";
            }

            @Override
            public String name() {
                return "loop";
            }

            @Override
            public Optional<String> engine() {
                return Optional.empty();
            }

            @Override
            public List<Graph.Port> inputs() {
                return graph.inputs();
            }

            @Override
            public Graph graph(NDList inputs) {
                return graph;
            }

            @Override
            public void close() {}
        };
    }

    private static ArrayType type(long... sizes) {
        return new ArrayType(new Shape(sizes), DataType.FLOAT32, Axes.channelsLast(sizes.length));
    }

    private static Node node(String name, Operator operator, ArrayType type, Value... inputs) {
        return new Node(name, operator, List.of(inputs), Map.of(), List.of(type), "drawn");
    }

    private static NDList inputs(NDManager manager, int steps) {
        float[] x = new float[3 * steps];
        for (int i = 0; i < x.length; i++) {
            x[i] = (37 * i) % 101 / 20f - 1;
        }
        return new NDList(
                manager.create(x, new Shape(3, steps, 1)),
                manager.create(new float[] {0, 1, 2}, new Shape(3, 1)));
    }

    private static Probe probe() {
        return Probe.atInput()
                .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                .differentiateAtInput("guided");
    }

    private static List<float[]> explained(Model model, NDList inputs) {
        try (Pass pass = model.run(probe(), inputs)) {
            return List.of(
                    pass.outputs().head().toFloatArray(),
                    pass.gradients(LAST, Probe.PLAIN).get(0).toFloatArray(),
                    pass.gradients(LAST, Probe.PLAIN).get(1).toFloatArray(),
                    pass.gradients(LAST, "guided").get(0).toFloatArray());
        }
    }

    @Test
    void writtenOutForMxNetItIsTheSame() {
        int steps = 7;
        try (Model torch = new PyTorchEngine().load(loop(steps), Engine.Settings.defaults());
                Model mxnet = new MxNetEngine().load(loop(steps), Engine.Settings.defaults());
                NDManager forTorch = torch.newManager();
                NDManager forMxNet = mxnet.newManager()) {
            List<float[]> expected = explained(torch, inputs(forTorch, steps));
            List<float[]> found = explained(mxnet, inputs(forMxNet, steps));
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).isEqualTo(expected.get(i));
            }
            assertThat(expected.get(1)).isNotEqualTo(expected.get(3)).contains(-1);
            assertThat(mxnet.layers(inputs(forMxNet, steps)).get("loop/relu#7").isRectifier())
                    .isTrue();
        }
    }

    @Test
    void aLongLoopIsRefusedOnMxNetByName() {
        try (Model mxnet = new MxNetEngine().load(loop(257), Engine.Settings.defaults());
                NDManager manager = mxnet.newManager()) {
            NDList inputs = inputs(manager, 257);
            assertThatThrownBy(() -> mxnet.run(Probe.outputsOnly(), inputs))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("loop: a loop of 257 steps")
                    .hasMessageContaining("--engine pytorch");
        }
    }

    @Test
    void howeverManyExplanationsNoArrayIsLeft() {
        CrankyCalls calls = new CrankyCalls();
        try (Model model = TorchBackend.load(loop(300), Device.cpu(), false, calls);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = inputs(own, 300);
            List<float[]> first = explained(model, inputs);
            int open = calls.openArrays();
            for (int i = 0; i < 20; i++) {
                assertThat(explained(model, inputs).get(3)).isEqualTo(first.get(3));
                assertThat(calls.openArrays()).isEqualTo(open);
                assertThat(calls.openManagers()).isOne();
            }
        }
    }
}
