package io.vitrail.demo.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Scene;
import io.vitrail.demo.Scenes;
import java.util.List;

/** Scenes as arrays. */
final class Batch {
    private Batch() {}

    /** Create the pictures of scenes, (N, 3, side, side), 0 to 1. */
    static NDArray pictures(NDManager manager, List<Scene> scenes) {
        int size = 3 * Scenes.SIDE * Scenes.SIDE;
        float[] values = new float[scenes.size() * size];
        for (int n = 0; n < scenes.size(); n++) {
            System.arraycopy(scenes.get(n).input(), 0, values, n * size, size);
        }
        return manager.create(values, new Shape(scenes.size(), 3, Scenes.SIDE, Scenes.SIDE));
    }

    /** Create what scenes show, (N, classes): 1 where a shape is there, else 0. */
    static NDArray answers(NDManager manager, List<Scene> scenes) {
        int classes = Demo.labels().size();
        float[] values = new float[scenes.size() * classes];
        for (int i = 0; i < values.length; i++) {
            values[i] = scenes.get(i / classes).shows(i % classes) ? 1 : 0;
        }
        return manager.create(values, new Shape(scenes.size(), classes));
    }
}
