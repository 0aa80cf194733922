package io.vitrail.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.graph.Axes;
import io.vitrail.engine.djl.TorchScriptWriter.Module;
import io.vitrail.engine.djl.TorchScriptWriter.Tensor;
import io.vitrail.engine.djl.block.DjlBlocks;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.engine.djl.torchscript.TorchScriptFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens are found where they are read, and their vectors have the channels behind. */
class EmbeddedTokensTest {
    private static final io.vitrail.api.Engine.Settings USUAL =
            io.vitrail.api.Engine.Settings.defaults();

    @TempDir private Path folder;

    /** Four words of three numbers; a convolution over two steps, behind a permutation. */
    private static Module text() {
        return new Module(
                "Text",
                Map.of(
                        "words",
                        new Tensor(new float[12], 4, 3),
                        "weight",
                        new Tensor(new float[12], 2, 3, 2)),
                Map.of(),
                Map.of(),
                """
                def forward(self: SELF, tokens: Tensor) -> Tensor:
                  words = self.words
                  weight = self.weight
                  known = torch.add(tokens, 1)
                  vectors = torch.embedding(words, known)
                  steps = torch.permute(vectors, [0, 2, 1])
                  return torch.conv1d(steps, weight, None, [1], [0], [1], 1)
                """);
    }

    @Test
    void theAxesOfATextGoThroughAPermutationIntoAConvolution() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TorchScriptWriter.write(text(), "text", bytes);
        Path file = Files.write(folder.resolve("text.pt"), bytes.toByteArray());
        try (Model model = new PyTorchEngine().load(new TorchScriptFormat().open(file), USUAL);
                NDManager manager = model.newManager()) {
            Layers layers =
                    model.layers(new NDList(manager.zeros(new Shape(1, 5), DataType.INT64)));

            assertThat(layers.get("embedding").axes()).isEqualTo(new Axes(List.of(1), 2));
            assertThat(layers.get("permute").axes()).isEqualTo(new Axes(List.of(2), 1));
            assertThat(layers.get("conv1d").axes()).isEqualTo(new Axes(List.of(2), 1));
            assertThat(layers.get("conv1d").shape()).isEqualTo(new Shape(1, 2, 4));
            // not the sum, which makes no floats, but the embedding behind it
            assertThat(layers.reader(0)).map(Layer::name).contains("embedding");
            assertThat(layers.lastSpatial()).map(Layer::name).contains("conv1d");
        }
    }

    @Test
    void aBlockOfDjlKeepsTheChannelsOfItsWordsBehind() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Block block =
                    new SequentialBlock()
                            .add(x -> new NDList(x.head().toType(DataType.INT64, false)))
                            .add(
                                    new TrainableWordEmbedding(
                                            new DefaultVocabulary(List.of("a", "b", "c")), 4));
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 5));
            try (Model model =
                    new PyTorchEngine()
                            .load(
                                    new DjlBlocks()
                                            .open(
                                                    block,
                                                    "words",
                                                    List.of(new Shape(1, 5)),
                                                    "pytorch"),
                                    USUAL)) {
                Layers layers = model.layers(new NDList(manager.zeros(new Shape(1, 5))));

                assertThat(layers)
                        .filteredOn(layer -> layer.shape().equals(new Shape(1, 5, 4)))
                        .isNotEmpty()
                        .allMatch(layer -> layer.axes().equals(new Axes(List.of(1), 2)));
            }
        }
    }
}
