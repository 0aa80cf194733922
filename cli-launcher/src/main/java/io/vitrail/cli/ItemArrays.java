package io.vitrail.cli;

import io.vitrail.api.Values;
import io.vitrail.render.NpyArray;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Scored;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is stored of an input, under the same keys wherever it is. */
final class ItemArrays {
    private ItemArrays() {}

    /** Return every array; the classes of targets are whole numbers. */
    static Map<String, NpyArray> of(Explained explained) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        explained
                .toNamedArrays()
                .forEach(
                        (key, values) -> {
                            boolean classes = key.equals("target") || key.startsWith("target@");
                            arrays.put(key, classes ? whole(values) : NpyArray.of(values));
                        });
        return arrays;
    }

    private static NpyArray whole(Values values) {
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (long) values.get(i);
        }
        return NpyArray.of(numbers, values.shape());
    }

    /** Return the label of each target of one item: {@code label}, or {@code label@TARGET}. */
    static Map<String, String> labels(Explained one) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Scored scored : one.scored()) {
            if (!scored.labels().isEmpty()) {
                String at = one.scored().size() > 1 ? "@" + scored.target() : "";
                labels.put("label" + at, scored.labels().get(0));
            }
        }
        return labels;
    }

    /** Return the name of an item of an input: a file of arrays may have several. */
    static String name(Path input, int n, int items) {
        return items == 1 ? input.toString() : input + "[" + n + "]";
    }

    /** Return one item of several, or the only one. */
    static Explained item(Explained explained, int n) {
        return explained.items() == 1 ? explained : explained.item(n);
    }
}
