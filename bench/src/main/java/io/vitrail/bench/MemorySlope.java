package io.vitrail.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Say how much the process grows with each explanation, on random pictures of one size.
 *
 * <p>{@code MemorySlope MODEL SIZE ITEMS THREADS [ENGINE]}: guided backpropagation and Grad-CAM of
 * each; the slope of resident memory (Linux, {@code /proc/self/statm}) over the last 80 %, by least
 * squares, in bytes an item, and resident memory at every tenth of the way, which shows whether it
 * levels off. Run it with a small fixed heap and one compiler, such as {@code -Xms64m -Xmx64m
 * -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1}: a heap that grows, and code that is compiled again
 * and better, would count as a leak. ResNet-20 of CIFAR-10 on MXNet: 257 bytes an item over the
 * first 2,000, in which the compiler finishes.
 */
public final class MemorySlope {
    private static final int PAGE = 4096;
    private static final int EVERY = 10; // items between two looks

    private MemorySlope() {}

    /** Run the explanations and print the slope. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        int items = Integer.parseInt(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        String engine = arguments.length > 4 ? arguments[4] : "";
        long[] resident = new long[items / EVERY];
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Vitrail vitrail = Vitrail.builder().engine(engine).open();
                Model model = vitrail.load(file)) {
            for (int look = 0; look < resident.length; look++) {
                var round =
                        pool.invokeAll(
                                IntStream.range(0, EVERY)
                                        .mapToObj(
                                                i ->
                                                        Executors.callable(
                                                                () ->
                                                                        explain(
                                                                                vitrail, model,
                                                                                size)))
                                        .toList());
                for (Future<?> each : round) {
                    each.get();
                }
                resident[look] = residentBytes();
            }
        } finally {
            pool.shutdown();
        }
        int from = resident.length / 5;
        System.out.printf(
                Locale.ROOT,
                "%s, %d explanations, %d threads: %.0f bytes an item over the last 80 %%"
                        + " (%.1f MB, then %.1f MB, in the end %.1f MB)%n",
                file.getFileName(),
                items,
                threads,
                slope(Arrays.copyOfRange(resident, from, resident.length)) / EVERY,
                resident[0] / 1e6,
                resident[from] / 1e6,
                resident[resident.length - 1] / 1e6);
        for (int tenth = 0; tenth < 10; tenth++) {
            System.out.printf(Locale.ROOT, "%.1f ", resident[resident.length * tenth / 10] / 1e6);
        }
        System.out.println("MB at each tenth");
    }

    private static void explain(Vitrail vitrail, Model model, int size) {
        try (NDManager manager = model.newManager()) {
            NDList inputs =
                    new NDList(
                            manager.randomUniform(
                                    -1, 1, new Shape(1, 3, size, size), DataType.FLOAT32));
            vitrail.explain(model, inputs).with("guided-backprop").with("grad-cam").runAll();
        }
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE;
    }

    /** The slope of a line through the values at 0, 1, 2, ..., by least squares. */
    private static double slope(long[] values) {
        double centre = (values.length - 1) / 2.0;
        double mean = Arrays.stream(values).average().orElse(0);
        double above = 0;
        double below = 0;
        for (int i = 0; i < values.length; i++) {
            above += (i - centre) * (values[i] - mean);
            below += (i - centre) * (i - centre);
        }
        return above / below;
    }
}
