package io.vitrail.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.demo.Demo;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time methods from arrays in memory to maps in memory, on random input.
 *
 * <p>On the demo's network, which is small, this is mostly what Vitrail adds to the arithmetic;
 * {@code -p file=resnet50.pt -p size=224} shows another.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MethodBenchmark {
    /** The network's file; empty for the demo's. */
    @Param("")
    public String file = "";

    /** Rows and columns. */
    @Param("96")
    public int size;

    /** Items at once. */
    @Param("1")
    public int batch;

    /** Of the engine. */
    @Param("1")
    public int threads;

    private Vitrail vitrail;
    private Model model;
    private NDManager manager;
    private NDList inputs;

    /** Load the network and make the input up. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        Path path = Path.of(file);
        if (file.isEmpty()) {
            path = Files.createTempFile("shapes", ".pt");
            try (InputStream own = Demo.model()) {
                Files.copy(own, path, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        vitrail = Vitrail.builder().threads(threads).open();
        model = vitrail.load(path);
        manager = model.newManager();
        boolean last = model.inputs().get(0).type().axes().channel() == 3;
        Shape shape = last ? new Shape(batch, size, size, 3) : new Shape(batch, 3, size, size);
        inputs = new NDList(manager.randomUniform(-1, 1, shape, DataType.FLOAT32));
    }

    /** Let go of the network. */
    @TearDown(Level.Trial)
    public void close() {
        manager.close();
        model.close();
        vitrail.close();
    }

    /** Run forward and keep nothing but the outputs. */
    @Benchmark
    public float[] forward() {
        try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
            return pass.outputs().head().toFloatArray();
        }
    }

    /** Explain by the gradient. */
    @Benchmark
    public Attribution gradient() {
        return vitrail.explain(model, inputs).with("gradient").run();
    }

    /** Explain by guided backpropagation. */
    @Benchmark
    public Attribution guidedBackprop() {
        return vitrail.explain(model, inputs).with("guided-backprop").run();
    }

    /** Explain by Grad-CAM at the last layer with a spatial output. */
    @Benchmark
    public Attribution gradCam() {
        return vitrail.explain(model, inputs).with("grad-cam").run();
    }
}
