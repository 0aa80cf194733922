package io.vitrail.cli;

import io.vitrail.runtime.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A network written by hand that finds two heart beats closer than they should be, and a series of
 * 1,000 steps that has them.
 *
 * <p>Beats come every 100 steps; one comes 60 steps after another, at step 660. The kernel of
 * {@code early} holds a beat at either end, 60 steps apart, and its ReLU opens only where both are
 * there: at the middle, step 630.
 */
final class BeatExample {
    static final int STEPS = 1000;
    static final int APART = 60;
    static final int FIRST = 600;

    /** Wide as a beat: 9 steps that rise and fall. */
    private static final float[] BEAT = {.04f, .08f, .12f, .16f, .2f, .16f, .12f, .08f, .04f};

    private BeatExample() {}

    /** Write {@code beats.keras}, its sidecar and {@code beats.csv} into a folder. */
    static void write(Path folder) throws IOException {
        int half = BEAT.length / 2;
        float[][][] kernel = new float[APART + BEAT.length][2][1]; // steps, channels, filters
        for (int i = 0; i < BEAT.length; i++) {
            kernel[i][0][0] = BEAT[i];
            kernel[i + APART][0][0] = BEAT[i];
        }
        Path model = folder.resolve("beats.keras");
        WrittenKeras.write(
                model,
                "beats",
                List.of(
                        new WrittenKeras.Layer(
                                "InputLayer",
                                "\"batch_shape\": [null, null, 2], \"dtype\": \"float32\", \"name\": \"series\""),
                        new WrittenKeras.Layer(
                                "Conv1D",
                                "\"name\": \"early\", \"filters\": 1, \"kernel_size\": ["
                                        + kernel.length
                                        + "], \"strides\": [1], \"padding\": \"same\", \"activation\": \"relu\"",
                                kernel,
                                new float[] {-1}),
                        new WrittenKeras.Layer("GlobalMaxPooling1D", "\"name\": \"anywhere\""),
                        new WrittenKeras.Layer(
                                "Dense",
                                "\"name\": \"verdict\", \"units\": 2, \"activation\": \"softmax\"",
                                new float[][] {{-10, 10}},
                                new float[] {1, -1})));
        Sidecar.EMPTY.withLabels(List.of("regular", "early beat")).write(Sidecar.beside(model));
        Files.writeString(folder.resolve("beats.csv"), csv(half));
    }

    private static String csv(int half) {
        double[] heart = new double[STEPS];
        for (int beat = 100 - half; beat + BEAT.length <= STEPS; beat += 100) {
            for (int i = 0; i < BEAT.length; i++) {
                heart[beat + i] += 5 * BEAT[i];
                if (beat == FIRST - half) {
                    heart[beat + APART + i] += 5 * BEAT[i];
                }
            }
        }
        Random noise = new Random(10);
        StringBuilder csv = new StringBuilder("heart,breath\n");
        for (int step = 0; step < STEPS; step++) {
            double breath = Math.sin(step / 70.0) + 0.05 * noise.nextGaussian();
            csv.append(
                    String.format(
                            Locale.ROOT,
                            "%.2f,%.2f%n",
                            heart[step] + 0.03 * noise.nextGaussian(),
                            breath));
        }
        return csv.toString().replace(System.lineSeparator(), "\n");
    }
}
