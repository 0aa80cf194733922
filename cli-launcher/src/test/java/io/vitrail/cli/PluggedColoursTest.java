package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.render.ColourMap;
import io.vitrail.testkit.PluginJar;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Colour maps that a plugin provides. */
class PluggedColoursTest {
    @TempDir private Path folder;

    private Captured explain(String colours, String id, String body) throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        PluginJar.named("colours")
                .against(ColourMap.class)
                .source(
                        """
                        package org.example;
                        public final class Own implements io.vitrail.render.ColourMap {
                            public String id() { return "%s"; }
                            public boolean isSigned() { return false; }
                            public int rgb(double value) { %s }
                        }
                        """
                                .formatted(id, body))
                .service(ColourMap.class, "org.example.Own")
                .in(plugins);
        return Captured.run(
                "explain",
                DemoModel.model(),
                DemoModel.picture().toString(),
                "--plugins",
                plugins.toString(),
                "--colours",
                colours,
                "-o",
                folder.resolve("out").toString());
    }

    @Test
    void aPluginsColoursAreUsed() throws IOException {
        Captured call = explain("green", "green", "return 0x00ff00;");

        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
        BufferedImage image = ImageIO.read(folder.resolve("out/scene.grad-cam.png").toFile());
        int greenest = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            greenest = Math.max(greenest, (rgb >> 8 & 255) - (rgb >> 16 & 255));
        }
        assertThat(greenest).isGreaterThan(100); // turbo's reds and blues have none of it
    }

    @Test
    void anUnknownOneIsRefusedWithThePluginsAmongTheOthers() throws IOException {
        Captured call = explain("greem", "green", "return 0x00ff00;");

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err())
                .contains("no colour map 'greem'\n  nearest: green, grey")
                .contains("diverging, green");
    }

    @Test
    void noPluginTakesABuiltInsName() throws IOException {
        Captured call = explain("grey", "grey", "throw new IllegalStateException();");

        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
    }

    @Test
    void oneThatFailsIsNamed() throws IOException {
        Captured call = explain("green", "green", "throw new IllegalStateException(\"no paint\");");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err()).contains("colour map 'green' failed", "no paint");
    }
}
