package io.vitrail.bench;

import io.vitrail.demo.Demo;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Prepared;
import io.vitrail.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time the way of a picture to an input: reading, resizing, normalising. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PictureBenchmark {
    /** The picture's file; empty for the demo's. */
    @Param("")
    public String file = "";

    /** How it becomes an input. */
    @Param("torch,crop,size=224")
    public String preprocess = "";

    private Path path;
    private Picture picture;
    private Preprocessing spec;

    /** Read the picture. */
    @Setup
    public void open() throws IOException {
        path = Path.of(file);
        if (file.isEmpty()) {
            path = Files.createTempFile("scene", ".png");
            ImageIO.write(Demo.scene().image(), "png", path.toFile());
        }
        picture = Picture.read(path);
        spec = Preprocessing.parse(preprocess);
    }

    /** Read the file. */
    @Benchmark
    public Picture read() {
        return Picture.read(path);
    }

    /** Resize and normalise. */
    @Benchmark
    public Prepared prepare() {
        return spec.apply(picture, false);
    }
}
