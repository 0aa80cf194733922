package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.TestModels;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teach the format a layer of somebody else's, compiled and found like a third party's. */
class CustomLayerTest {
    private static final String NET =
            """
            {"class_name": "Sequential", "config": {"name": "net", "layers": [
              {"class_name": "Swirl", "registered_name": "mypackage>Swirl", "config": {
                "name": "swirl", "batch_input_shape": [null, 2], "units": 1}}]}}
            """;

    @TempDir private Path folder;
    private ClassLoader before;

    @BeforeEach
    void rememberTheLoader() {
        before = Thread.currentThread().getContextClassLoader();
    }

    @AfterEach
    void putTheLoaderBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private Path net(String weight) {
        return WrittenFile.h5(
                folder.resolve("net.h5"),
                "3.3.3",
                NET,
                Map.of("swirl/" + weight, new float[][] {{0.5f}, {-0.25f}}));
    }

    /** Return an example of the documentation. */
    private static String example(String name) throws IOException {
        try (InputStream text =
                CustomLayerTest.class.getResourceAsStream("/mypackage/" + name + ".java")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Compile readers of the class and put them on the loader that services are sought with. */
    private URLClassLoader teach(String... names) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src/mypackage"));
        Path classes = Files.createDirectories(folder.resolve("classes/META-INF/services"));
        for (String name : names) {
            Path source = sources.resolve(name + ".java");
            String text =
                    name.equals("Fading")
                            ? example(name)
                            : example("Swirl").replace("class Swirl", "class " + name);
            Files.writeString(source, text);
            int failed =
                    ToolProvider.findFirst("javac")
                            .orElseThrow()
                            .run(
                                    System.out,
                                    System.err,
                                    "-d",
                                    folder.resolve("classes").toString(),
                                    "--module-path",
                                    System.getProperty("jdk.module.path", ""),
                                    "--class-path",
                                    System.getProperty("java.class.path"),
                                    "--add-modules",
                                    "ALL-MODULE-PATH",
                                    source.toString());
            assertThat(failed).isZero();
        }
        Files.write(
                classes.resolve("io.vitrail.format.keras.KerasLayer"),
                List.of(names).stream().map("mypackage."::concat).toList());
        URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.resolve("classes").toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
        return loader;
    }

    @Test
    void aThirdPartysLayerIsReadFromItsConfigurationAndWeights() throws IOException {
        try (URLClassLoader loader = teach("Swirl");
                Model model = TestModels.load(new KerasFormat().open(net("swirl/kernel")));
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[] {4, 2}, new Shape(1, 2)));
            assertThat(model.layers(inputs))
                    .extracting(Layer::name)
                    .containsExactly("swirl/linear", "swirl/tanh");
            assertThat(model.layers(inputs).get("swirl").kind()).isEqualTo("tanh");
            try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                assertThat((double) pass.outputs().head().getFloat(0, 0))
                        .isCloseTo(Math.tanh(1.5), within(1e-6));
            }
            assertThat(loader).isNotNull();
        }
    }

    @Test
    void withoutItTheLayerIsRefusedByName() {
        assertThatThrownBy(() -> new KerasFormat().open(net("swirl/kernel")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("layer 'swirl'")
                .hasMessageContaining("KerasLayer for 'mypackage>Swirl'");
    }

    @Test
    void aWeightThatItAsksForMustBeThere() throws IOException {
        try (URLClassLoader loader = teach("Swirl")) {
            assertThat(loader).isNotNull();
            assertThatThrownBy(() -> new KerasFormat().open(net("swirl/other")))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("lacks the weight 'kernel'");
        }
    }

    @Test
    void ofTwoReadersOfAClassNeitherIsUsed() throws IOException {
        try (URLClassLoader loader = teach("Swirl", "Twirl")) {
            assertThat(loader).isNotNull();
            assertThatThrownBy(() -> new KerasFormat().open(net("swirl/kernel")))
                    .hasMessageContaining("mypackage.Swirl")
                    .hasMessageContaining("mypackage.Twirl");
        }
    }

    /** Weights of 1, rate -1: h = relu(x - h before), so 1, then 3 - 1. */
    @Test
    void aThirdPartysCellRunsInALoopWhoseReluIsALayer() throws IOException {
        String net =
                """
                {"class_name": "Sequential", "config": {"name": "net", "layers": [
                  {"class_name": "RNN", "config": {
                    "name": "fading", "batch_input_shape": [null, 2, 1], "dtype": "float32",
                    "return_sequences": true, "cell": {
                      "class_name": "Fading", "registered_name": "mypackage>Fading",
                      "config": {"name": "fade", "units": 1, "rate": -1.0}}}}]}}
                """;
        Path file =
                WrittenFile.h5(
                        folder.resolve("cell.h5"),
                        "3.3.3",
                        net,
                        Map.of("fading/fading/fade/kernel", new float[][] {{1}}));
        try (URLClassLoader loader = teach("Fading");
                Model model = TestModels.load(new KerasFormat().open(file));
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[] {1, 3}, new Shape(1, 2, 1)));
            Layer relu = model.layers(inputs).get("fading/relu");
            assertThat(relu.isRectifier()).isTrue();
            assertThat(relu.shape()).isEqualTo(new Shape(1, 2, 1));
            try (Pass pass =
                    model.run(Probe.keeping(List.of(relu)).keepInputs(List.of(relu)), inputs)) {
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(1, 2);
                assertThat(pass.output(relu).toFloatArray()).containsExactly(1, 2);
                assertThat(pass.inputs(relu).head().toFloatArray()).containsExactly(1, 2);
            }
            assertThat(loader).isNotNull();
        }
    }
}
