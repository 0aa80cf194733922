package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.render.ClassMeans;
import io.vitrail.render.MapView;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Sheet;
import io.vitrail.render.ZarrStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Write the mean map of each class: all as {@code means.zarr}, a row for each class, and those of
 * the classes with most items as {@code means.png}.
 */
final class MeanMaps {
    private static final int CLASSES = 20;
    private static final int COLUMNS = 6;

    private final Path folder;
    private final Map<String, ClassMeans> means;
    private final String title;

    /**
     * @param means by the key of their maps
     */
    MeanMaps(Path folder, Map<String, ClassMeans> means, String title) {
        this.folder = folder;
        this.means = means;
        this.title = title;
    }

    void write() {
        Map<String, Map<String, ClassMeans.Mean>> byClass = new LinkedHashMap<>();
        means.forEach(
                (key, its) ->
                        its.means()
                                .forEach(
                                        mean ->
                                                byClass.computeIfAbsent(
                                                                mean.name(),
                                                                name -> new LinkedHashMap<>())
                                                        .put(key, mean)));
        try (ZarrStore store = ZarrStore.create(folder.resolve("means.zarr"))) {
            byClass.forEach(
                    (name, maps) -> {
                        Map<String, NpyArray> arrays = new LinkedHashMap<>();
                        maps.forEach(
                                (key, mean) -> {
                                    arrays.put(key, NpyArray.of(mean.map()));
                                    arrays.put(
                                            "count/" + key,
                                            NpyArray.of(new long[] {mean.count()}, 1));
                                });
                        store.put(name, arrays, Map.of());
                    });
        }
        draw(byClass);
    }

    private void draw(Map<String, Map<String, ClassMeans.Mean>> byClass) {
        Path file = folder.resolve("means.png");
        List<String> keys =
                means.keySet().stream()
                        .filter(key -> !means.get(key).means().isEmpty())
                        .limit(COLUMNS)
                        .toList();
        Sheet sheet = Sheet.titled(title).subtitle("mean map of each class").columns(keys);
        int rows = 0;
        for (Map.Entry<String, Map<String, ClassMeans.Mean>> entry : byClass.entrySet()) {
            List<Sheet.Cell> cells = new ArrayList<>();
            for (String key : keys) {
                ClassMeans.Mean mean = entry.getValue().get(key);
                if (mean != null && cells.size() == keys.indexOf(key)) {
                    MapView view = MapView.plain(key, mean.map());
                    cells.add(Sheet.Cell.of(view, "mean of " + mean.count()));
                }
            }
            if (!cells.isEmpty() && rows < CLASSES) {
                sheet = sheet.row(entry.getKey(), List.of(), cells);
                rows++;
            }
        }
        if (rows == 0) {
            remove(file);
            return;
        }
        int beyond = byClass.size() - rows;
        (beyond == 0 ? sheet : sheet.footer("and " + beyond + " classes in means.zarr"))
                .cells(144)
                .save(file);
    }

    /** Remove what a summary of an earlier run left, of which this one has none. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw VitrailException.failure(
                    file
                            + ": of an earlier run, and cannot be removed: "
                            + FileProblem.said(e)
                            + "\n  do:  remove it yourself");
        }
    }
}
