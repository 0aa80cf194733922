package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Python's own library reads what we write; read_zarr.py says what it must find. */
class ZarrReadersTest {
    @TempDir Path folder;

    @Test
    @EnabledIfEnvironmentVariable(
            named = "VITRAIL_ZARR_PYTHON",
            matches = ".+",
            disabledReason = "VITRAIL_ZARR_PYTHON names no Python that has zarr")
    void pythonReadsEveryKindOfArray() throws Exception {
        Path root = folder.resolve("store.zarr");
        try (ZarrStore store = ZarrStore.open(root)) {
            store.about(Map.of("model", "shapes.pt"));
            store.put("a.png", item(0, 2, 2, 3), Map.of("label", "star"));
            store.put("b\n\u00e9.png", item(1, 1, 3, 4), Map.of());
            store.put("c.png", item(2, 2, 2, -1), Map.of("label", "moon"));
        }
        Path script = folder.resolve("read_zarr.py");
        try (InputStream source = getClass().getResourceAsStream("read_zarr.py")) {
            Files.copy(source, script);
        }

        Process python =
                new ProcessBuilder(
                                System.getenv("VITRAIL_ZARR_PYTHON"),
                                script.toString(),
                                root.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(python.getInputStream().readAllBytes());

        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said)
                .contains(
                        "['empty', 'grad-cam', 'half', 'items', 'label', 'name', 'score', 'target']");
    }

    /** Numbers from 4 n on; the score n + 0.5; a class where there is one. */
    private static Map<String, NpyArray> item(int n, int height, int width, int target) {
        float[] heat = new float[height * width];
        for (int i = 0; i < heat.length; i++) {
            heat[i] = 4 * n + i;
        }
        Axes space = new Axes(List.of(1, 2), -1);
        float half = n == 2 ? 65504 : 0.5f * (n + 1);
        Map<String, NpyArray> arrays = new HashMap<>();
        arrays.put("grad-cam/layer4", NpyArray.of(Values.of(heat, space, 1, height, width)));
        arrays.put("score", NpyArray.of(Values.of(new double[] {n + 0.5}, Axes.NONE, 1)));
        arrays.put("empty", NpyArray.of(Values.of(new float[0], Axes.NONE, 1, 0)));
        arrays.put(
                "half",
                new NpyArray(DataType.FLOAT16, Values.of(new float[] {half}, Axes.NONE, 1)));
        if (target >= 0) {
            arrays.put("target", NpyArray.of(new long[] {target}, 1));
        }
        return arrays;
    }
}
