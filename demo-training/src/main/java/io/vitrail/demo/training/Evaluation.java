package io.vitrail.demo.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.vitrail.demo.Demo;
import io.vitrail.demo.MassInside;
import io.vitrail.demo.Scene;
import java.util.List;

/** Ask a network about scenes that it was not trained on. */
final class Evaluation {
    private static final int BATCH = 50;

    private final ShapeNet net;
    private final NDManager manager;

    Evaluation(ShapeNet net, NDManager manager) {
        this.net = net;
        this.manager = manager;
    }

    /** Return the share of right answers, a logit above 0 meaning yes, as a mean over classes. */
    double accuracy(int count) {
        List<Scene> scenes = Demo.heldOut(count).toList();
        float[] logits = run(net.block(), scenes);
        int classes = Demo.labels().size();
        int right = 0;
        for (int i = 0; i < logits.length; i++) {
            right += logits[i] > 0 == scenes.get(i / classes).shows(i % classes) ? 1 : 0;
        }
        // every class is asked about in every scene, so the mean over classes is the mean over all
        return (double) right / logits.length;
    }

    /**
     * Return how often the map for a scene's first shape has more on it than on its second.
     *
     * <p>The mean before a linear layer makes the map exact: the layer's weights times the maps.
     */
    double pointing(int count) {
        List<Scene> scenes = Demo.heldOut(count).toList();
        float[] maps = run(net.features(), scenes);
        float[] weights = net.weights();
        int channels = weights.length / Demo.labels().size();
        int pixels = maps.length / count / channels;
        int side = (int) Math.sqrt(pixels);
        int right = 0;
        for (int n = 0; n < count; n++) {
            Scene scene = scenes.get(n);
            float[] map = new float[pixels];
            for (int i = 0; i < channels * pixels; i++) {
                int weight = scene.items().get(0).label() * channels + i / pixels;
                map[i % pixels] += weights[weight] * maps[n * channels * pixels + i];
            }
            double asked = MassInside.share(map, side, side, scene.items().get(0).mask());
            double other = MassInside.share(map, side, side, scene.items().get(1).mask());
            right += asked > other ? 1 : 0;
        }
        return (double) right / count;
    }

    private float[] run(Block block, List<Scene> scenes) {
        float[] all = new float[0];
        for (int at = 0; at < scenes.size(); at += BATCH) {
            List<Scene> part = scenes.subList(at, Math.min(at + BATCH, scenes.size()));
            try (NDManager scope = manager.newSubManager()) {
                NDArray pictures = Batch.pictures(scope, part);
                float[] values =
                        block.forward(new ParameterStore(scope, false), new NDList(pictures), false)
                                .singletonOrThrow()
                                .toFloatArray();
                if (at == 0) {
                    all = new float[values.length / part.size() * scenes.size()];
                }
                System.arraycopy(values, 0, all, values.length / part.size() * at, values.length);
            }
        }
        return all;
    }
}
