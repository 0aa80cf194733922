package io.vitrail.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Time a method on two files by turns in one process, such as one network of two formats.
 *
 * <p>{@code TwoFiles FIRST SECOND SIZE BATCH ROUNDS METHOD}: milliseconds (median, least, most) on
 * random pictures, and the ratio of medians, first by second. Each network gets its channels where
 * it wants them.
 */
public final class TwoFiles {
    private TwoFiles() {}

    /** Run the comparison. */
    public static void main(String[] arguments) {
        int size = Integer.parseInt(arguments[2]);
        int batch = Integer.parseInt(arguments[3]);
        double[][] times = new double[2][Integer.parseInt(arguments[4])];
        try (Vitrail vitrail = Vitrail.open();
                Model first = vitrail.load(Path.of(arguments[0]));
                Model second = vitrail.load(Path.of(arguments[1]));
                NDManager manager = first.newManager()) {
            Model[] models = {first, second};
            NDList[] inputs = {
                pictures(first, manager, size, batch), pictures(second, manager, size, batch)
            };
            for (int round = -3; round < times[0].length; round++) { // three to warm up
                for (int i = 0; i < 2; i++) {
                    long start = System.nanoTime();
                    vitrail.explain(models[i], inputs[i]).with(arguments[5]).run();
                    if (round >= 0) {
                        times[i][round] = (System.nanoTime() - start) / 1e6;
                    }
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            Arrays.sort(times[i]);
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %8.1f ms (%.1f .. %.1f)%n",
                    Path.of(arguments[i]).getFileName(),
                    median(times[i]),
                    times[i][0],
                    times[i][times[i].length - 1]);
        }
        System.out.printf(
                Locale.ROOT,
                "ratio of medians %.3f, of least %.3f%n",
                median(times[0]) / median(times[1]),
                times[0][0] / times[1][0]);
    }

    private static NDList pictures(Model model, NDManager manager, int size, int batch) {
        boolean last = model.inputs().get(0).type().axes().channel() == 3;
        Shape shape = last ? new Shape(batch, size, size, 3) : new Shape(batch, 3, size, size);
        return new NDList(manager.randomUniform(-1, 1, shape, DataType.FLOAT32));
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
