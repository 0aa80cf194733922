package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layers;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Look at the graphs that are made: names, shapes, weights, and what is refused. */
class KerasGraphTest {
    private static final float[][][][] KERNEL = {{{{1, 2}, {3, 4}, {5, 6}}}}; // (1, 1, 3, 2)

    @TempDir private Path folder;

    private GraphSource open(String config, Map<String, ?> weights) {
        return new KerasFormat()
                .open(WrittenFile.h5(folder.resolve("net.h5"), "2.9.0", config, weights));
    }

    private static String functional(String sizes, String layers, String output) {
        return """
                {"class_name": "Functional", "config": {"name": "net", "layers": [
                  {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                   "config": {"name": "x", "batch_input_shape": [null, %s]}},
                  %s], "input_layers": [["x", 0, 0]], "output_layers": [[%s, 0]]}}
                """
                .formatted(sizes, layers, output);
    }

    private static String layer(String name, String className, String config, String nodes) {
        return """
                {"class_name": "%s", "name": "%s", "inbound_nodes": [%s],
                 "config": {"name": "%s"%s}}
                """
                .formatted(className, name, nodes, name, config);
    }

    private static Graph graph(GraphSource source, long... sizes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return source.graph(new NDList(manager.zeros(new Shape(sizes))));
        }
    }

    private static final String CONVOLUTION =
            ", \"filters\": 2, \"kernel_size\": [1, 1], \"use_bias\": false,"
                    + " \"activation\": \"relu\"";

    /** One convolution with a fused ReLU, called on the input and on a copy of it. */
    private GraphSource calledTwice() {
        String layers =
                layer("copy", "Dropout", "", "[[\"x\", 0, 0, {}]]")
                        + ","
                        + layer(
                                "conv",
                                "Conv2D",
                                CONVOLUTION,
                                "[[\"x\", 0, 0, {}]], [[\"copy\", 0, 0, {}]]")
                        + ","
                        + layer("add", "Add", "", "[[\"conv\", 0, 0, {}], [\"conv\", 1, 0, {}]]");
        return open(
                functional("null, null, 3", layers, "\"add\", 0"),
                Map.of("conv/conv/kernel:0", KERNEL));
    }

    @Test
    void aFusedActivationIsALayerAndTheNameStandsForIt() {
        Graph graph = graph(calledTwice(), 2, 5, 4, 3);

        assertThat(graph.nodes())
                .extracting(Node::name)
                .containsExactly("copy", "conv", "conv/relu", "conv#2", "conv#2/relu", "add");
        Layers layers = new Layers("net.h5", graph);
        assertThat(layers.get("conv").kind()).isEqualTo("relu");
        assertThat(layers.get("conv").inputs())
                .isEqualTo(List.of(layers.get("conv/relu").inputs().get(0)));
        assertThat(layers.get("conv#2").kind()).isEqualTo("relu");
        assertThat(graph.nodes().get(0).operator()).isEqualTo(new Operator.Identity());
        assertThat(graph.outputs().get(0).name()).isEqualTo("add");
    }

    @Test
    void shapesFollowTheInputAtHand() {
        GraphSource source = calledTwice();

        assertThat(source.inputs().get(0).name()).isEqualTo("x");
        assertThat(source.inputs().get(0).type().shape()).isEqualTo(new Shape(-1, -1, -1, 3));
        assertThat(source.inputs().get(0).type().axes()).isEqualTo(Axes.channelsLast(4));
        for (long size : new long[] {4, 7}) {
            Graph graph = graph(source, 1, size, 2, 3);
            assertThat(graph.type(graph.outputs().get(0).value()).shape())
                    .isEqualTo(new Shape(1, size, 2, 2));
        }
    }

    @Test
    void aKernelIsDescribedInTheOrderOfTheOperatorAndSharedByAllItsUses() {
        GraphSource source = calledTwice();
        Graph graph = graph(source, 1, 1, 1, 3);

        Parameter kernel = graph.nodes().get(1).parameters().get("weight");
        assertThat(kernel.stored()).isEqualTo(new Shape(1, 1, 3, 2));
        assertThat(kernel.order()).containsExactly(3, 2, 0, 1);
        assertThat(kernel.shape()).isEqualTo(new Shape(2, 3, 1, 1));
        float[] stored = new float[6];
        kernel.bytes().asFloatBuffer().get(stored);
        assertThat(stored).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(graph.nodes().get(3).parameters().get("weight")).isSameAs(kernel);
        assertThat(graph(source, 2, 1, 1, 3).nodes().get(1).parameters().get("weight"))
                .isSameAs(kernel);
    }

    @Test
    void anInputOfAnotherShapeIsTheInputsFault() {
        assertThatThrownBy(() -> graph(calledTwice(), 1, 4, 4, 1))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                .hasMessage(
                        "net.h5: input 'x' has the shape (1, 4, 4, 1)"
                                + "\n  instead: x (-1, -1, -1, 3)");
    }

    @Test
    void anInputTooSmallForAWindowIsTheInputsFault() {
        String pool = layer("pool", "MaxPooling2D", ", \"pool_size\": 3", "[[\"x\", 0, 0, {}]]");
        GraphSource source = open(functional("null, null, 1", pool, "\"pool\", 0"), Map.of());

        assertThatThrownBy(() -> graph(source, 1, 2, 2, 1))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                .hasMessageContaining("(1, 2, 2, 1)")
                .hasMessageContaining("layer pool")
                .hasMessageContaining("a window of 3");
    }

    @Test
    void aWindowTooLargeForADeclaredInputIsTheModelsFault() {
        String pool = layer("pool", "MaxPooling2D", ", \"pool_size\": 3", "[[\"x\", 0, 0, {}]]");

        refused(functional("2, 2, 1", pool, "\"pool\", 0"), "layer pool", "a window of 3");
    }

    @Test
    void layersThatWaitForEachOtherAreRefused() {
        String layers =
                layer("a", "Add", "", "[[\"x\", 0, 0, {}], [\"b\", 0, 0, {}]]")
                        + ","
                        + layer("b", "ReLU", "", "[[\"a\", 0, 0, {}]]");

        refused(functional("2", layers, "\"b\", 0"), "layer 'a'", "waits for its own output");
    }

    @Test
    void sizesBeyondReasonAreRefusedBeforeMemoryIsTaken() {
        String huge = layer("up", "UpSampling2D", ", \"size\": 2000000", "[[\"x\", 0, 0, {}]]");

        refused(functional("4, 4, 1", huge, "\"up\", 0"), "layer up", "as large as");
    }

    @Test
    void shapesThatCannotBeAddedAreRefused() {
        String layers =
                layer("row", "Flatten", "", "[[\"x\", 0, 0, {}]]")
                        + ","
                        + layer(
                                "cut",
                                "Cropping1D",
                                ", \"cropping\": [1, 0]",
                                "[[\"x\", 0, 0, {}]]")
                        + ","
                        + layer("a", "Add", "", "[[\"x\", 0, 0, {}], [\"cut\", 0, 0, {}]]");

        refused(functional("3, 2", layers, "\"a\", 0"), "layer a", "(1, 3, 2) and (1, 2, 2)");
    }

    @Test
    void aPartMakesWayForALayerOfItsName() {
        String layers =
                layer("conv", "Conv2D", CONVOLUTION, "[[\"x\", 0, 0, {}]]")
                        + ","
                        + layer("conv/relu", "ReLU", "", "[[\"conv\", 0, 0, {}]]");
        GraphSource source =
                open(
                        functional("1, 1, 3", layers, "\"conv/relu\", 0"),
                        Map.of("conv/conv/kernel:0", KERNEL));

        assertThat(graph(source, 1, 1, 1, 3).nodes())
                .extracting(Node::name)
                .containsExactly("conv", "conv/relu#2", "conv/relu");
    }

    private void refused(String config, String... parts) {
        assertThatThrownBy(() -> open(config, Map.of()))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL))
                .satisfies(
                        e -> assertThat(Arrays.asList(parts)).allMatch(e.getMessage()::contains));
    }
}
