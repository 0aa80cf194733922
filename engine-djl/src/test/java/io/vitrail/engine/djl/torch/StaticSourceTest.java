package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A source that any engine runs is asked for each shape once. */
class StaticSourceTest {

    /** Notes the shapes that it is asked for. */
    private static final class Counted implements GraphSource {
        final GraphSource source = TinyNetworks.m1();
        final List<Shape> asked = new ArrayList<>();

        @Override
        public String format() {
            return source.format();
        }

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public Optional<String> engine() {
            return source.engine();
        }

        @Override
        public List<Graph.Port> inputs() {
            return source.inputs();
        }

        @Override
        public Graph graph(NDList inputs) {
            asked.add(inputs.head().getShape());
            return source.graph(inputs);
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @Test
    void eachBatchSizeIsDrawnOnceAndTheWeightsAreMadeOnce() {
        CrankyCalls calls = new CrankyCalls();
        Counted source = new Counted();
        try (Model model = TorchBackend.load(source, Device.cpu(), false, calls);
                NDManager manager = model.newManager()) {
            for (long batch : new long[] {1, 1, 3, 2, 3, 1}) {
                NDList inputs = new NDList(manager.arange(16f * batch).reshape(batch, 1, 4, 4));
                try (Pass pass = model.run(Probe.atInput(), inputs)) {
                    assertThat(pass.gradient(Targets.classIndex(0)).getShape())
                            .isEqualTo(new Shape(batch, 1, 4, 4));
                }
            }
        }
        assertThat(source.asked)
                .containsExactly(
                        new Shape(1, 1, 4, 4), new Shape(3, 1, 4, 4), new Shape(2, 1, 4, 4));
        // kernel, bias, matrix
        assertThat(calls.made().stream().filter("create"::equals)).hasSize(3);
    }
}
