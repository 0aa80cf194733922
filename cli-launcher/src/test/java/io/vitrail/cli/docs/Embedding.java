package io.vitrail.cli.docs;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import io.vitrail.render.Npz;
import io.vitrail.render.Overlay;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The snippets of docs/embedding.md. */
final class Embedding {
    private Embedding() {}

    static Values open(Path file, Path picture) {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file)) {
            Attribution heat = vitrail.explain(model, picture).run();
            return heat.values(); // (1, h, w): one item, at the layer's own resolution
        }
    }

    static Explained several(Vitrail vitrail, Model model, Path picture, Path out) {
        Explained explained =
                vitrail.explain(model, picture)
                        .with("grad-cam")
                        .with("guided-backprop")
                        .option("guided-backprop", "reduce", "l2")
                        .layer("layer3")
                        .target("label:square")
                        .target("label:cross")
                        .runAll();
        Attribution.Part cross = Attribution.Part.layer("layer3").forTarget("label:cross");
        Values heat = explained.attributions().get("grad-cam").parts().get(cross);
        Overlay.of(heat, Picture.read(picture))
                .placement(explained.seen().get(0).placement())
                .save(out);
        return explained;
    }

    static Attribution margin(Vitrail vitrail, Model model, Path picture) {
        return vitrail.explain(model, picture)
                .with("grad-cam")
                .target(outputs -> outputs.head().get(":, 1").sub(outputs.head().get(":, 4")))
                .run();
    }

    static float[] arrays(Vitrail vitrail, Model model, float[] numbers, Path out) {
        Explained explained =
                vitrail.explain(model, numbers, 1, 3, 96, 96)
                        .with("gradient")
                        .target("class:0")
                        .runAll();
        Npz.write(out, explained.toNamedArrays()); // gradient, output, target, score
        return explained.attributions().get("gradient").values().toFloats();
    }

    static Attribution list(Vitrail vitrail, Model model) {
        try (NDManager manager = model.newManager()) {
            NDArray batch = manager.ones(new Shape(2, 3, 96, 96));
            return vitrail.explain(model, new NDList(batch)).with("gradient").run();
        }
    }

    static Attribution image(Vitrail vitrail, Model model, Path file) throws IOException {
        Image image = new BufferedImageFactory().fromFile(file);
        return vitrail.explain(model, image).run();
    }

    static void start(Vitrail vitrail, Model model) {
        vitrail.explain(model, new float[3 * 96 * 96], 1, 3, 96, 96).with("grad-cam").warmUp();
    }

    static List<Attribution> threads(Vitrail vitrail, Model model, List<Path> pictures)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Attribution>> running = new ArrayList<>();
            for (Path picture : pictures) {
                running.add(threads.submit(() -> vitrail.explain(model, picture).run()));
            }
            List<Attribution> done = new ArrayList<>();
            for (Future<Attribution> one : running) {
                done.add(one.get());
            }
            return done;
        } finally {
            threads.shutdown();
        }
    }

    static List<String> layers(Model model) {
        try (NDManager manager = model.newManager()) {
            NDList input = new NDList(manager.zeros(new Shape(1, 3, 96, 96)));
            return model.layers(input).matching(Layer::isRectifier).stream()
                    .map(Layer::name)
                    .toList();
        }
    }

    static String refused(Vitrail vitrail, Model model, Path picture) {
        try {
            vitrail.explain(model, picture).with("grad-cam").layer("layr3").run();
            return "";
        } catch (VitrailException e) {
            return e.kind() + ": " + e.getMessage(); // USAGE: shapes.pt: no layer 'layr3' ...
        }
    }
}
