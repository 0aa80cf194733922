package io.vitrail.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Say what it costs to load a file of an image network: seconds, and memory before and behind.
 *
 * <p>{@code LoadCost MODEL SIZE}: for the engine's start on its own, for {@code load}, and for the
 * first pass on one picture, where weights reach native memory. Resident memory is that of {@code
 * /proc/self/status} (Linux), whose peak includes pages of the mapped file; the heap's peak is the
 * sum of its pools'. Run it with a small heap to see that weights are not copied there.
 */
public final class LoadCost {
    private static long start;

    private LoadCost() {}

    /** Load, run and report. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        start = System.nanoTime();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            manager.zeros(new Shape(1)).add(1).toFloatArray();
        }
        say("engine started");
        start = System.nanoTime();
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file);
                NDManager manager = model.newManager()) {
            say("loaded " + Files.size(file) / 1_000_000 + " MB");
            boolean last = model.inputs().get(0).type().axes().channel() == 3;
            Shape shape = last ? new Shape(1, size, size, 3) : new Shape(1, 3, size, size);
            NDList inputs = new NDList(manager.zeros(shape, DataType.FLOAT32));
            for (String pass : new String[] {"first pass", "second pass"}) {
                start = System.nanoTime();
                try (Pass run = model.run(Probe.outputsOnly(), inputs)) {
                    run.outputs().head().toFloatArray();
                }
                say(pass);
            }
        }
    }

    private static void say(String what) throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        long heap =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum();
        System.out.printf(
                Locale.ROOT,
                "%-16s %6.2f s, resident %s MB, of it the file's pages %s MB, peak %s MB, heap's peak %d MB%n",
                what,
                seconds,
                status("VmRSS"),
                status("RssFile"),
                status("VmHWM"),
                heap / 1_000_000);
    }

    private static long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1_000_000)
                .findFirst()
                .orElse(-1);
    }
}
