package io.vitrail.cli.docs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.ColouredTokens;
import io.vitrail.render.OrthogonalSlices;
import io.vitrail.render.SeriesPlot;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.List;

/** The snippets of the pages about series, tokens and volumes. */
final class OtherInputs {
    private OtherInputs() {}

    static Attribution series(Vitrail vitrail, Model model, float[] numbers, int steps, Path file) {
        Values series = Values.of(numbers, Axes.channelsLast(3), 1, steps, 2);
        Attribution found = vitrail.explain(model, series).with("gradient").run();
        SeriesPlot.of(found, series).channels(List.of("heart", "breath")).save(file);
        return found;
    }

    static float[] tokens(
            Vitrail vitrail,
            Model model,
            NDManager manager,
            long[] numbers,
            List<String> words,
            Path png,
            Path html) {
        NDArray tokens =
                manager.create(numbers, new Shape(1, numbers.length)).toType(DataType.INT32, false);
        Attribution found =
                vitrail.explain(model, new NDList(tokens))
                        .with("gradient")
                        .layer("embedding")
                        .run();
        ColouredTokens coloured = ColouredTokens.of(found, words);
        coloured.save(png);
        coloured.saveHtml(html, "why it is a good review");
        return coloured.values();
    }

    static int[] volume(Vitrail vitrail, Model model, float[] voxels, Path file) {
        Values scan = Values.of(voxels, Axes.channelsLast(5), 1, 24, 24, 24, 1);
        Attribution heat = vitrail.explain(model, scan).run();
        OrthogonalSlices slices = OrthogonalSlices.of(heat, scan);
        slices.save(file);
        return slices.position();
    }
}
