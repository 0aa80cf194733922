package io.vitrail.cli.docs;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.render.FeatureGrid;
import io.vitrail.render.MapView;
import io.vitrail.render.NpyArray;
import io.vitrail.render.ZarrStore;
import io.vitrail.runtime.Detection;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Outcome;
import io.vitrail.runtime.Score;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The snippets of the pages that answer a question each. */
final class Questions {
    private Questions() {}

    static String box(Vitrail vitrail, Model detector, Path picture, Path out) {
        Explained found =
                vitrail.explain(detector, picture)
                        .with("guided-backprop")
                        .option("reduce", "mean") // over the colours
                        .target("box:0")
                        .runAll();
        Detection best = found.boxes(0, "box:0").get(0);
        MapView.of(
                        "guided-backprop",
                        found.attributions().get("guided-backprop").values(),
                        found.seen().get(0).shown())
                .save(out);
        return best.label() + " " + best.box();
    }

    static Attribution oneClass(Vitrail vitrail, Model model, Path picture) {
        return vitrail.explain(model, picture)
                .with("guided-backprop")
                .target("label:cross")
                .score(Score.LOGIT)
                .run();
    }

    static List<String> folder(Vitrail vitrail, Model model, Path folder) throws IOException {
        try (Stream<Path> photos = Files.list(folder);
                Stream<Attribution> maps =
                        vitrail
                                .explain(model, photos.sorted())
                                .with("grad-cam")
                                .batch(4)
                                .stream()) {
            return maps.map(map -> map.values().shape()[1] + "x" + map.values().shape()[2])
                    .toList();
        }
    }

    static void count(
            Vitrail vitrail, Model model, Iterable<Path> photos, Map<String, Integer> classes) {
        try (Stream<Explained> all = vitrail.explain(model, photos).batch(4).streamAll()) {
            all.forEach(one -> classes.merge(one.top(0, 1).get(0).label(), 1, Integer::sum));
        }
    }

    static void each(
            Vitrail vitrail,
            Model model,
            Iterable<?> photos,
            Map<Object, Attribution> heat,
            Map<Object, String> reasons) {
        try (Stream<Outcome> all =
                vitrail.stream(model, photos, how -> how.with("grad-cam").batch(4))) {
            all.forEach(
                    outcome -> {
                        if (outcome instanceof Outcome.Done done) {
                            heat.put(done.input(), done.explained().attributions().get("grad-cam"));
                        } else if (outcome instanceof Outcome.Failed failed) {
                            reasons.put(failed.input(), failed.error().getMessage());
                        }
                    });
        }
    }

    static void store(Vitrail vitrail, Model model, Iterable<?> photos, Path folder) {
        try (ZarrStore store = ZarrStore.open(folder);
                Stream<Outcome> all =
                        vitrail.stream(model, photos, how -> how.with("grad-cam").batch(4))) {
            all.forEach(
                    outcome -> {
                        if (outcome instanceof Outcome.Done done) {
                            Values map = done.explained().attributions().get("grad-cam").values();
                            Map<String, NpyArray> arrays = Map.of("grad-cam", NpyArray.of(map));
                            store.put(done.input().toString(), arrays, Map.of());
                            store.commit();
                        }
                    });
        }
    }

    static List<Values> preActivations(Vitrail vitrail, Model model, Path picture, Path out) {
        Explained both =
                vitrail.explain(model, picture)
                        .with("pre-activation")
                        .with("activation")
                        .layer("layer1.0.relu")
                        .layer("layer3.1.relu")
                        .runAll(); // one pass
        Values before = both.attributions().get("pre-activation").atLayer("layer3.1.relu");
        Values behind = both.attributions().get("activation").atLayer("layer3.1.relu");
        FeatureGrid.of(before).jointly().save(out);
        return List.of(before, behind);
    }
}
