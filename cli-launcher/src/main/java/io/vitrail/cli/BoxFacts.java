package io.vitrail.cli;

import io.vitrail.picture.Resampling;
import io.vitrail.render.Frames;
import io.vitrail.runtime.Detection;
import io.vitrail.runtime.Explained;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Say of a detector's boxes what a table, a JSON document or a picture needs. */
final class BoxFacts {
    private BoxFacts() {}

    static TextTable table() {
        return new TextTable(
                "INPUT", "BOX", "CLASS", "SCORE", "LABEL", "LEFT", "TOP", "RIGHT", "BOTTOM");
    }

    /** Add a row for each box of an item, or one that says that it has none. */
    static void rows(TextTable table, Object input, List<Detection> boxes) {
        for (Detection one : boxes) {
            table.row(
                    input,
                    one.number(),
                    one.classIndex(),
                    String.format(Locale.ROOT, "%.4f", one.score()),
                    one.label().isEmpty() ? "-" : one.label(),
                    pixels(one.box().left()),
                    pixels(one.box().top()),
                    pixels(one.box().right()),
                    pixels(one.box().bottom()));
        }
        if (boxes.isEmpty()) {
            table.row(input, "-", "-", "-", "-", "-", "-", "-", "-");
        }
    }

    private static String pixels(double at) {
        return String.format(Locale.ROOT, "%.1f", at);
    }

    /** Return the boxes of every item for JSON. */
    static List<Object> of(Explained explained) {
        List<Object> items = new ArrayList<>();
        for (int n = 0; n < explained.items(); n++) {
            items.add(of(explained.boxes(n)));
        }
        return items;
    }

    static List<Object> of(List<Detection> boxes) {
        List<Object> all = new ArrayList<>();
        for (Detection one : boxes) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("number", one.number());
            facts.put("index", one.classIndex());
            facts.put("label", one.label());
            facts.put("score", one.score());
            Resampling.Box box = one.box();
            facts.put("box", new double[] {box.left(), box.top(), box.right(), box.bottom()});
            all.add(facts);
        }
        return all;
    }

    /** Return the boxes of an item that a target is about, to be drawn with name and score. */
    static List<Frames.Frame> frames(Explained explained, int item, String target) {
        return explained.boxes(item, target).stream()
                .map(
                        one ->
                                new Frames.Frame(
                                        one.box(),
                                        (one.label().isEmpty()
                                                        ? "class " + one.classIndex()
                                                        : one.label())
                                                + String.format(Locale.ROOT, " %.2f", one.score())))
                .toList();
    }
}
