package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Item;
import io.vitrail.picture.Picture;
import io.vitrail.render.Colours;
import io.vitrail.render.MapView;
import io.vitrail.render.Sheet;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo shows.
 *
 * @param shapes the names of the shapes that were asked for
 * @param shares by method and shape: the share of the map's positive mass that lies on the shape
 * @param sheet the picture of it all
 */
record DemoResult(List<String> shapes, Map<String, Map<String, Double>> shares, Sheet sheet) {

    static DemoResult of(Explained explained, List<Item> asked) {
        Picture picture = explained.seen().get(0).shown();
        List<String> methods = List.copyOf(explained.attributions().keySet());
        List<String> columns = new ArrayList<>(List.of("picture"));
        columns.addAll(methods);
        Sheet sheet =
                Sheet.titled("Where did the network look?")
                        .subtitle(
                                "one picture, one network, a row for each shape that it was asked about")
                        .columns(columns)
                        .legend(Colours.TURBO, "no part in it", "speaks for the shape")
                        .footer("Vitrail " + Version.number());
        List<String> shapes = new ArrayList<>();
        Map<String, Map<String, Double>> shares = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            Scored scored = explained.scored().get(i);
            String shape = Demo.labels().get(asked.get(i).label());
            shapes.add(shape);
            List<Sheet.Cell> cells = new ArrayList<>(List.of(Sheet.Cell.of(picture)));
            for (String method : methods) {
                Values map = map(explained.attributions().get(method), scored.target());
                double share = PositiveMass.of(map).shareOn(asked.get(i));
                shares.computeIfAbsent(method, key -> new LinkedHashMap<>()).put(shape, share);
                cells.add(
                        Sheet.Cell.of(
                                MapView.of(method, map, picture).image(),
                                percent(share) + " on the " + shape));
            }
            String score = String.format(Locale.ROOT, "score %.1f", scored.scores().get(0));
            sheet = sheet.row(shape, List.of(score), cells);
        }
        return new DemoResult(shapes, shares, sheet);
    }

    /** Return the map of a method with one place for a target. */
    static Values map(Attribution attribution, String target) {
        return attribution.parts().entrySet().stream()
                .filter(part -> part.getKey().target().equals(target))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
