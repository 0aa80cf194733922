package io.vitrail.cli;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Values;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Scene;
import io.vitrail.demo.Scenes;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How well the methods tell two shapes of a scene apart that the network was not trained on.
 *
 * @param scenes how many were looked at
 * @param figures by method
 */
record HeldOut(int scenes, Map<String, Figure> figures) {
    private static final int BATCH = 20;

    /** Counts over scenes. */
    static final class Figure {
        private int right;
        private double inside;

        private void add(double onAsked, double onOther) {
            right += onAsked > onOther ? 1 : 0;
            inside += onAsked;
        }
    }

    /** Ask, in each scene, for its first shape; the second is the other one. */
    static HeldOut over(Vitrail vitrail, Model model, int count, Progress progress) {
        List<Scene> scenes = Demo.heldOut(count).toList();
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (Pane<AttributionMethod> pane : vitrail.methods()) {
            if (pane instanceof Pane.Whole<AttributionMethod> whole && isAsked(whole.service())) {
                figures.put(whole.id(), new Figure());
            }
        }
        for (int at = 0; at < count; at += BATCH) {
            progress.show(at + " of " + count + " scenes");
            batch(vitrail, model, scenes.subList(at, Math.min(at + BATCH, count)), figures);
        }
        progress.clear();
        return new HeldOut(count, figures);
    }

    /** Every method that explains a score and needs no layer chosen; one pass is shared by all. */
    private static boolean isAsked(AttributionMethod method) {
        return method instanceof OnePassMethod
                && method.usesTarget()
                && method.place() != AttributionMethod.Place.LAYERS;
    }

    private static void batch(
            Vitrail vitrail, Model model, List<Scene> scenes, Map<String, Figure> figures) {
        int size = 3 * Scenes.SIDE * Scenes.SIDE;
        float[] data = new float[scenes.size() * size];
        List<String> classes = new ArrayList<>();
        for (int n = 0; n < scenes.size(); n++) {
            System.arraycopy(scenes.get(n).input(), 0, data, n * size, size);
            classes.add(Integer.toString(scenes.get(n).items().get(0).label()));
        }
        Explanation explanation =
                vitrail.explain(model, data, scenes.size(), 3, Scenes.SIDE, Scenes.SIDE);
        figures.keySet().forEach(explanation::with);
        Explained explained = explanation.target("class:" + String.join(",", classes)).runAll();
        figures.forEach(
                (method, figure) -> {
                    Values maps = explained.attributions().get(method).values();
                    for (int n = 0; n < scenes.size(); n++) {
                        PositiveMass mass = PositiveMass.of(maps.item(n));
                        Scene scene = scenes.get(n);
                        figure.add(
                                mass.shareOn(scene.items().get(0)),
                                mass.shareOn(scene.items().get(1)));
                    }
                });
    }

    /** Return the figures as JSON takes them. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("scenes", scenes);
        facts.put(
                "moreOnTheRightShape",
                figures.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        one -> (double) one.getValue().right / scenes,
                                        (a, b) -> a,
                                        LinkedHashMap::new)));
        return facts;
    }

    /** Return the figures for people. */
    String text() {
        TextTable table = new TextTable("METHOD", "MORE ON THE RIGHT SHAPE", "MEAN SHARE ON IT");
        figures.forEach(
                (method, figure) ->
                        table.row(
                                method,
                                String.format(
                                        Locale.ROOT, "%.1f %%", 100.0 * figure.right / scenes),
                                DemoResult.percent(figure.inside / scenes)));
        return "over "
                + scenes
                + " scenes that the network was not trained on, a map for one shape has\n"
                + table;
    }
}
