package io.vitrail.cli;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.runtime.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A network written by hand that finds a bright ball in a volume of 24 x 24 x 24 bytes, and such a
 * volume.
 *
 * <p>{@code bright} is the mean over 5 x 5 x 5 voxels, less 150: only within the ball, 4 voxels
 * around {@value #DEPTH}, {@value #HEIGHT}, {@value #WIDTH}, is it more than nothing.
 */
final class BallExample {
    static final int SIDE = 24;
    static final int DEPTH = 9;
    static final int HEIGHT = 15;
    static final int WIDTH = 7;

    private BallExample() {}

    /** Write {@code ball.keras}, its sidecar and {@code ball.npy} into a folder. */
    static void write(Path folder) throws IOException {
        float[][][][][] kernel = new float[5][5][5][1][1];
        for (int i = 0; i < 125; i++) {
            kernel[i / 25][i / 5 % 5][i % 5][0][0] = 1 / 125f;
        }
        Path model = folder.resolve("ball.keras");
        WrittenKeras.write(
                model,
                "ball",
                List.of(
                        new WrittenKeras.Layer(
                                "InputLayer",
                                "\"batch_shape\": [null, 24, 24, 24, 1], \"dtype\": \"float32\", \"name\": \"scan\""),
                        new WrittenKeras.Layer(
                                "Conv3D",
                                "\"name\": \"bright\", \"filters\": 1, \"kernel_size\": [5, 5, 5], \"strides\": [1, 1, 1],"
                                        + " \"padding\": \"valid\", \"activation\": \"relu\"",
                                kernel,
                                new float[] {-150}),
                        new WrittenKeras.Layer("GlobalAveragePooling3D", "\"name\": \"mean\""),
                        new WrittenKeras.Layer(
                                "Dense",
                                "\"name\": \"verdict\", \"units\": 2, \"activation\": \"softmax\"",
                                new float[][] {{0, 10}},
                                new float[] {1, 0})));
        Sidecar.EMPTY.withLabels(List.of("nothing", "ball")).write(Sidecar.beside(model));
        Npy.write(folder.resolve("ball.npy"), new NpyArray(DataType.UINT8, volume()));
    }

    /** A body in the dark, and the ball in it. */
    static Values volume() {
        float[] voxels = new float[SIDE * SIDE * SIDE];
        Random noise = new Random(3);
        for (int i = 0; i < voxels.length; i++) {
            int z = i / (SIDE * SIDE);
            int y = i / SIDE % SIDE;
            int x = i % SIDE;
            double body =
                    square((z - 11.5) / 10) + square((y - 11.5) / 11) + square((x - 11.5) / 9);
            double ball = square(z - DEPTH) + square(y - HEIGHT) + square(x - WIDTH);
            int level = ball <= 16 ? 220 : body <= 1 ? 110 : 20;
            voxels[i] = level + noise.nextInt(30);
        }
        return Values.of(voxels, Axes.channelsLast(5), 1, SIDE, SIDE, SIDE, 1);
    }

    private static double square(double number) {
        return number * number;
    }
}
