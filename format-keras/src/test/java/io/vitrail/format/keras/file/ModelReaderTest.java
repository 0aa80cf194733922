package io.vitrail.format.keras.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.LayerConfig;
import io.vitrail.format.keras.WrittenFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read the configurations of every generation of Keras. */
class ModelReaderTest {
    @TempDir Path folder;

    private StoredModel h5(String version, String config, Map<String, float[][]> weights) {
        return KerasFile.open(WrittenFile.h5(folder.resolve("net.h5"), version, config, weights));
    }

    private StoredModel functional(String version, String layers, String ends) {
        return h5(
                version,
                "{\"class_name\": \"Functional\", \"config\": {\"name\": \"net\", \"layers\": ["
                        + layers
                        + "], "
                        + ends
                        + "}}",
                Map.of("x/x/none:0", WrittenFile.KERNEL));
    }

    private static final String X =
            """
            {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
             "config": {"name": "x", "batch_input_shape": [null, 4], "dtype": "float32"}},
            """;
    private static final String ENDS =
            "\"input_layers\": [[\"x\", 0, 0]], \"output_layers\": [[\"y\", 0, 0]]";

    private static StoredLayer layer(StoredModel model, String name) {
        return model.layers().stream()
                .filter(layer -> layer.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSequentialOfKeras21IsABareListWhoseFirstLayerDeclaresTheInput() {
        StoredModel model =
                h5(
                        "2.1.6",
                        """
                        {"class_name": "Sequential", "config": [
                          {"class_name": "Dense", "config": {"name": "head", "units": 2,
                            "batch_input_shape": [null, 3], "dtype": "float32"}},
                          {"class_name": "Activation", "config": {"name": "soft",
                            "activation": "softmax"}}]}
                        """,
                        Map.of("head/head/kernel:0", WrittenFile.KERNEL));

        assertThat(model.inputs()).containsExactly(new Tensor("head_input", 0, 0));
        LayerConfig input = layer(model, "head_input").config();
        assertThat(input.className()).isEqualTo("InputLayer");
        assertThat(input.value("batch_shape")).asString().isEqualTo("[null, 3]");
        assertThat(layer(model, "soft").calls())
                .containsExactly(
                        new Call(List.of(new Argument.Of(new Tensor("head", 0, 0))), Map.of()));
        assertThat(model.outputNames()).containsExactly("soft");
    }

    @Test
    void weightsOfKeras1HaveTheNamesOfToday() {
        StoredModel model =
                h5("1.2.2", WrittenFile.DENSE, Map.of("head/head_W:0", WrittenFile.KERNEL));

        assertThat(layer(model, "head").weights().get("kernel", 0, new Shape(3, 2)).place())
                .isEqualTo("model_weights/head/head_W:0");
        assertThat(layer(model, "head").config().kerasVersion()).isEqualTo(1);
    }

    @Test
    void aWeightOfANestedModelIsFoundByItsPath() {
        String inner =
                """
                {"class_name": "Sequential", "config": {"name": "net", "layers": [
                  {"class_name": "Sequential", "config": {"name": "base", "layers": [
                    {"class_name": "Dense", "config": {"name": "a", "batch_input_shape": [null, 3]}},
                    {"class_name": "Sequential", "config": {"name": "deep", "layers": [
                      {"class_name": "Dense", "config": {"name": "a"}},
                      {"class_name": "Dense", "config": {"name": "b"}}]}}]}}]}}
                """;
        StoredModel model =
                h5(
                        "2.15.0",
                        inner,
                        Map.of(
                                "base/deep/a/kernel:0", new float[][] {{2, 2}},
                                "base/b_1/kernel:0", new float[][] {{3, 3, 3}},
                                "base/a/kernel:0", new float[][] {{1}}));
        StoredModel base = java.util.Objects.requireNonNull(layer(model, "base").inner());
        StoredModel deep = java.util.Objects.requireNonNull(layer(base, "deep").inner());

        assertThat(layer(base, "a").config().path()).isEqualTo("base/a");
        assertThat(layer(base, "a").weights().get("kernel", 0, new Shape(1, 1)).place())
                .endsWith("base/a/kernel:0");
        assertThat(layer(deep, "a").weights().get("kernel", 0, new Shape(1, 2)).place())
                .endsWith("base/deep/a/kernel:0");
        assertThat(model.inputs()).containsExactly(new Tensor("base_input", 0, 0));
        assertThat(layer(model, "base_input").config().value("batch_shape"))
                .asString()
                .isEqualTo("[null, 3]");
    }

    @Test
    void aNameThatTensorFlow1NumberedIsFound() {
        StoredModel model =
                h5(
                        "2.2.4-tf",
                        """
                        {"class_name": "Sequential", "config": {"name": "net", "layers": [
                          {"class_name": "Model", "config": {"name": "base", "layers": [
                            {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                             "config": {"name": "x", "batch_input_shape": [null, 3]}},
                            {"class_name": "Dense", "name": "fc", "config": {"name": "fc"},
                             "inbound_nodes": [[["x", 0, 0, {}]]]}],
                            "input_layers": [["x", 0, 0]], "output_layers": [["fc", 0, 0]]}}]}}
                        """,
                        Map.of("base/fc_1/kernel:0", WrittenFile.KERNEL));
        StoredModel base = java.util.Objects.requireNonNull(layer(model, "base").inner());

        assertThat(layer(base, "fc").weights().has("kernel", 0)).isTrue();
        assertThat(layer(base, "fc").weights().has("bias", 1)).isFalse();
    }

    @Test
    void theCallsOfKeras2HaveTheirOtherArgumentsByName() {
        StoredModel model =
                functional(
                        "2.15.0",
                        X
                                + """
                                {"class_name": "MultiHeadAttention", "name": "a",
                                 "config": {"name": "a"}, "inbound_nodes":
                                 [[["x", 0, 0, {"value": ["x", 0, 0], "use_causal_mask": true}]]]},
                                {"class_name": "TFOpLambda", "name": "y", "config": {"name": "y"},
                                 "inbound_nodes": [["_CONSTANT_VALUE", -1, 2.0, {"y": ["a", 0, 0],
                                 "z": ["other", 1, 2]}]]},
                                {"class_name": "Add", "name": "s", "config": {"name": "s"},
                                 "inbound_nodes": [[["x", 0, 0, {}], ["a", 0, 0, {}]]]}
                                """,
                        ENDS);
        Tensor x = new Tensor("x", 0, 0);
        Tensor a = new Tensor("a", 0, 0);

        assertThat(layer(model, "a").calls().get(0))
                .isEqualTo(
                        new Call(
                                List.of(new Argument.Of(x)),
                                Map.of(
                                        "value", new Argument.Of(x),
                                        "use_causal_mask", new Argument.Constant(true))));
        assertThat(layer(model, "y").calls().get(0))
                .isEqualTo(
                        new Call(
                                List.of(new Argument.Constant(2.0)),
                                Map.of(
                                        "y", new Argument.Of(a),
                                        "z", new Argument.Constant(List.of("other", 1L, 2L)))));
        assertThat(layer(model, "s").calls().get(0).arguments())
                .containsExactly(
                        new Argument.Many(List.of(new Argument.Of(x), new Argument.Of(a))));
    }

    @Test
    void anOperationOfKeras3IsNoLayerOfTheSameClass() {
        String x =
                "{\"class_name\": \"__keras_tensor__\", \"config\": {\"keras_history\": [\"x\", 0, 0]}}";
        StoredModel model =
                functional(
                        "3.15.1",
                        X
                                + """
                                {"class_name": "Add", "name": "y", "config": {"name": "y"},
                                 "inbound_nodes": [{"args": [%s, 1.5], "kwargs": {}}]},
                                {"class_name": "Add", "name": "z",
                                 "config": {"name": "z", "dtype": "float32"},
                                 "inbound_nodes": [{"args": [[%s, %s]], "kwargs": {"mask": null}}]}
                                """
                                        .formatted(x, x, x),
                        "\"input_layers\": [\"x\", 0, 0], \"output_layers\":"
                                + " {\"b\": [\"y\", 0, 0], \"a\": [\"z\", 0, 0]}");

        assertThat(layer(model, "y").config().className()).isEqualTo("ops>Add");
        assertThat(layer(model, "z").config().className()).isEqualTo("Add");
        assertThat(layer(model, "y").calls().get(0).arguments())
                .containsExactly(
                        new Argument.Of(new Tensor("x", 0, 0)), new Argument.Constant(1.5));
        // Keras orders a dict of outputs by its keys
        assertThat(model.outputNames()).containsExactly("a", "b");
        assertThat(model.outputs()).containsExactly(new Tensor("z", 0, 0), new Tensor("y", 0, 0));
    }

    @Test
    void whatCannotBeResolvedIsRefusedByLayer() {
        String y = "{\"class_name\": \"ReLU\", \"name\": \"y\", \"config\": {\"name\": \"y\"}, ";
        assertThatThrownBy(
                        () ->
                                functional(
                                        "2.15.0",
                                        X + y + "\"inbound_nodes\": [[[\"x\", 1, 0, {}]]]}",
                                        ENDS))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(
                        "layer 'y' reads output 0 of call 1 of 'x', which has 1 call");
        assertThatThrownBy(
                        () ->
                                functional(
                                        "2.15.0",
                                        X + y + "\"inbound_nodes\": [[[\"x\", 0, 0, {}]]]}",
                                        ENDS.replace("\"y\"", "\"yy\"")))
                .hasMessageContaining("reads from 'yy'")
                .hasMessageContaining("nearest: y");
        assertThatThrownBy(
                        () ->
                                functional(
                                        "2.15.0",
                                        X + X + y + "\"inbound_nodes\": [[[\"x\", 0, 0, {}]]]}",
                                        ENDS))
                .hasMessageContaining("has two layers 'x'");
        assertThatThrownBy(() -> functional("2.15.0", X + y + "\"inbound_nodes\": [[[3]]]}", ENDS))
                .hasMessageContaining("is called with what is no tensor");
        assertThatThrownBy(() -> functional("4.0.0", X + y + "\"inbound_nodes\": []}", ENDS))
                .hasMessageContaining("written by Keras 4.0.0, known are 1 to 3");
    }

    @Test
    void aModelOfAClassOfItsOwnIsRefused() {
        assertThatThrownBy(
                        () ->
                                h5(
                                        "2.15.0",
                                        WrittenFile.DENSE.replaceFirst("Sequential", "MyModel"),
                                        Map.of("head/head/kernel:0", WrittenFile.KERNEL)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("the model is of the class MyModel")
                .hasMessageContaining("keras.Model(inputs, model.call(inputs))");
    }

    @Test
    void settingsAreTypedAndWhatIsNotIsRefusedByKey() {
        String config =
                WrittenFile.DENSE.replace(
                        "\"units\": 2",
                        "\"units\": 2, \"low\": -Infinity, \"text\": \"is NaN\", \"size\": 3,"
                                + " \"strides\": [2.0, 1], \"none\": null, \"fused\": {\"module\":"
                                + " \"builtins\", \"class_name\": \"function\", \"config\": \"gelu\","
                                + " \"registered_name\": \"function\"}");
        LayerConfig head =
                layer(
                                h5(
                                        "2.15.0",
                                        config,
                                        Map.of("head/head/kernel:0", WrittenFile.KERNEL)),
                                "head")
                        .config();

        assertThat(head.number("low")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(head.string("text")).isEqualTo("is NaN");
        assertThat(head.integers("size")).containsExactly(3L);
        assertThat(head.integers("strides")).containsExactly(2L, 1L);
        assertThat(head.flag("none", true)).isTrue();
        assertThat(head.activation("activation").className()).isEqualTo("relu");
        assertThat(head.activation("fused").className()).isEqualTo("gelu");
        assertThat(head.activation("none").className()).isEqualTo("linear");
        assertThatThrownBy(() -> head.integer("text"))
                .isInstanceOf(VitrailException.class)
                .hasMessage(
                        """
                        net.h5: layer 'head' has 'text' = "is NaN" in its configuration, expected: a whole number
                          where:  layer head (Dense)
                          remedy: save the whole model again in Python: model.save('model.keras')""");
        assertThatThrownBy(() -> head.string("absent"))
                .hasMessageContaining("layer 'head' lacks 'absent' in its configuration");
    }

    @Test
    void groupsAreNamedAsKerasNamesThem() {
        // keras.src.utils.naming.to_snake_case of each class
        assertThat(
                        java.util.stream.Stream.of(
                                        "Conv2DTranspose",
                                        "ReLU",
                                        "PReLU",
                                        "SeparableConv2D",
                                        "GRU",
                                        "UpSampling1D",
                                        "LSTM",
                                        "ELU")
                                .map(FolderNames::snakeCase))
                .containsExactly(
                        "conv2d_transpose",
                        "re_lu",
                        "p_re_lu",
                        "separable_conv2d",
                        "gru",
                        "up_sampling1d",
                        "lstm",
                        "elu");
    }
}
