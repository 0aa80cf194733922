package io.vitrail.cli;

import io.vitrail.demo.Scenes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The files that the pages of the documentation work on beside the demo's. */
public final class DocsExamples {
    private static final Path EXAMPLES = Path.of("../docs/examples");

    private DocsExamples() {}

    /** Copy them into a folder. */
    public static void copy(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(EXAMPLES.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /**
     * Write them anew: a detector, its picture, four scenes that no network was trained on, and
     * networks for a series, a text and a volume.
     */
    static void write(Path folder) throws IOException {
        SpotDetector.write(folder);
        BeatExample.write(folder);
        ReviewExample.write(folder);
        BallExample.write(folder);
        Path photos = Files.createDirectories(folder.resolve("photos"));
        for (int seed : List.of(1, 2, 3, 4)) {
            BufferedImage scene = Scenes.scene(seed).image();
            ImageIO.write(scene, "png", photos.resolve(seed + ".png").toFile());
        }
    }

    /** Write them into the documentation. */
    public static void main(String[] arguments) throws IOException {
        write(EXAMPLES);
    }
}
