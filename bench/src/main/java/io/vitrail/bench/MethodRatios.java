package io.vitrail.bench;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.vitrail.api.Model;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Time methods and DJL's own forward pass by turns in one process, on random input.
 *
 * <p>{@code MethodRatios MODEL SIZE BATCH ROUNDS CAM-LAYER}: milliseconds (median, least, most) and
 * the ratio of medians to DJL's {@code Predictor} on the same file, of either engine.
 */
public final class MethodRatios {
    private interface Work {
        void run() throws Exception;
    }

    private MethodRatios() {}

    /** Run the comparison. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        String layer = arguments[4];
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file);
                NDManager manager = model.newManager();
                ai.djl.Model plain = load(file);
                Predictor<NDList, NDList> predictor =
                        plain.newPredictor(new NoopTranslator(null))) {
            NDArray x =
                    manager.randomUniform(-1, 1, new Shape(batch, 3, size, size), DataType.FLOAT32);
            NDList inputs = new NDList(x);
            Map<String, Work> works = new LinkedHashMap<>();
            works.put("DJL forward", () -> forward(predictor, inputs));
            works.put("gradient", () -> vitrail.explain(model, inputs).with("gradient").run());
            works.put(
                    "guided-backprop",
                    () -> vitrail.explain(model, inputs).with("guided-backprop").run());
            works.put(
                    "grad-cam at " + layer,
                    () -> vitrail.explain(model, inputs).with("grad-cam").layer(layer).run());
            report(works, rounds);
        }
    }

    /** MXNet answers before it has computed: reading is what waits. */
    private static void forward(Predictor<NDList, NDList> predictor, NDList inputs)
            throws TranslateException {
        try (NDList outputs = predictor.predict(inputs)) {
            outputs.head().toFloatArray();
        }
    }

    private static ai.djl.Model load(Path file) throws Exception {
        String name = file.getFileName().toString();
        boolean symbol = name.endsWith("-symbol.json");
        ai.djl.Model plain = ai.djl.Model.newInstance("plain", symbol ? "MXNet" : "PyTorch");
        try {
            plain.load(
                    file.toAbsolutePath().getParent(),
                    name.replaceAll(symbol ? "-symbol\\.json$" : "\\.pt$", ""));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
        return plain;
    }

    private static void report(Map<String, Work> works, int rounds) throws Exception {
        Map<String, double[]> times = new LinkedHashMap<>();
        works.keySet().forEach(name -> times.put(name, new double[rounds]));
        for (int round = -3; round < rounds; round++) { // three to warm up
            for (Map.Entry<String, Work> work : works.entrySet()) {
                long start = System.nanoTime();
                work.getValue().run();
                if (round >= 0) {
                    times.get(work.getKey())[round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        double forward = median(times.values().iterator().next());
        times.forEach(
                (name, all) -> {
                    Arrays.sort(all);
                    System.out.printf(
                            Locale.ROOT,
                            "%-24s %8.1f ms (%.1f .. %.1f)  ratio %.2f%n",
                            name,
                            median(all),
                            all[0],
                            all[all.length - 1],
                            median(all) / forward);
                });
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
