package io.vitrail.cli.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.demo.Demo;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's snippets stand in sources that are compiled, and run. */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src/test/java/io/vitrail/cli/readme");

    @TempDir Path folder;
    private Path model;
    private Path picture;

    @BeforeEach
    void writeTheDemosFiles() throws IOException {
        model = folder.resolve("shapes.pt");
        picture = folder.resolve("scene.png");
        try (InputStream bytes = Demo.model()) {
            Files.copy(bytes, model);
        }
        ImageIO.write(Demo.scene().image(), "png", picture.toFile());
    }

    private static void assertCompiled(String snippet, String source) throws IOException {
        Matcher code =
                Pattern.compile(
                                "<!-- snippet: " + snippet + " -->\n```java\n(.*?)```",
                                Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("../README.md")));
        assertThat(code.find()).as("the README has the snippet " + snippet).isTrue();
        assertThat(unspaced(Files.readString(SOURCES.resolve(source))))
                .contains(unspaced(code.group(1)));
    }

    private static String unspaced(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void theExampleIsCompiledAndDrawsAPicture() throws IOException {
        assertCompiled("explain", "Explain.java");
        Path out = folder.resolve("out.png");
        Explain.run(model, picture, out);
        assertThat(ImageIO.read(out.toFile()).getWidth())
                .isEqualTo(ImageIO.read(picture.toFile()).getWidth());
    }

    @Test
    void theMethodIsCompiledAndIsInputTimesGradient() throws IOException {
        assertCompiled("method", "InputTimesGradient.java");
        try (Vitrail vitrail = Vitrail.builder().fit(new InputTimesGradient()).open();
                Model network = vitrail.load(model)) {
            float[] input = new float[3 * 96 * 96];
            for (int i = 0; i < input.length; i++) {
                input[i] = i % 7 / 7f;
            }
            Attribution product =
                    vitrail.explain(network, input, 1, 3, 96, 96).with("input-x-gradient").run();
            Attribution gradient =
                    vitrail.explain(network, input, 1, 3, 96, 96).with("gradient").run();
            for (int i = 0; i < input.length; i++) {
                assertThat(product.values().get(i))
                        .isEqualTo(input[i] * (float) gradient.values().get(i));
            }
        }
    }
}
