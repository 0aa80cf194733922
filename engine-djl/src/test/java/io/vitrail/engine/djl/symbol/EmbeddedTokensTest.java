package io.vitrail.engine.djl.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.graph.Axes;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTokensTest {
    @TempDir private Path folder;

    @Test
    void theVectorsOfTokensHaveTheirChannelsBehind() throws IOException {
        WrittenSymbol symbol = new WrittenSymbol();
        int words =
                symbol.node(
                        "Embedding",
                        "words",
                        Map.of("input_dim", "4", "output_dim", "3"),
                        symbol.input("data"),
                        symbol.weight("words_weight", 4, 3));
        symbol.head(symbol.node("transpose", "turned", Map.of("axes", "(0, 2, 1)"), words));
        try (Model model =
                        new MxNetEngine()
                                .load(
                                        new SymbolFormat()
                                                .open(
                                                        symbol.write(
                                                                folder, "text", DataType.FLOAT32)),
                                        Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            Layers layers = model.layers(new NDList(manager.zeros(new Shape(1, 5))));

            assertThat(layers.get("words").shape()).isEqualTo(new Shape(1, 5, 3));
            assertThat(layers.get("words").axes()).isEqualTo(new Axes(List.of(1), 2));
            assertThat(layers.get("turned").axes()).isEqualTo(new Axes(List.of(2), 1));
        }
    }
}
