package io.vitrail.spark;

import io.vitrail.demo.Demo;
import io.vitrail.demo.Scene;
import io.vitrail.runtime.Sidecar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/** The demo's network with its sidecar, and scenes that it was not trained on. */
final class DemoPictures {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private DemoPictures() {}

    /**
     * Write the network, with a name of its own, and a sidecar that names a file of labels in
     * another folder. They stay: a Spark that was told of a file asks for it again.
     */
    static Path model() throws IOException {
        Path folder =
                Files.createTempDirectory(Files.createDirectories(Path.of("target")), "it's a ")
                        .toAbsolutePath();
        Path file = folder.resolve("shapes-" + NUMBER.incrementAndGet() + ".pt");
        try (InputStream bytes = Demo.model()) {
            Files.copy(bytes, file);
        }
        Path names = Files.createDirectories(folder.resolve("names")).resolve("shapes.txt");
        Files.write(names, Demo.labels());
        Sidecar.EMPTY
                .withPreprocess(Demo.PREPROCESS)
                .withLabelsFile("names/shapes.txt", Demo.labels())
                .withLayer(Demo.LAYER)
                .withShape(List.of(1L, 3L, 96L, 96L))
                .write(Sidecar.beside(file));
        return file;
    }

    /** Write scenes, and return them in the order of their names. */
    static List<Path> scenes(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Scene scene : Demo.heldOut(count).toList()) {
            Path file = folder.resolve("scene %03d.png".formatted(files.size()));
            ImageIO.write(scene.image(), "png", file.toFile());
            files.add(file);
        }
        return files;
    }
}
