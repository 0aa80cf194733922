package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Find maps that show nothing, so that they are said, not drawn. */
final class Emptiness {
    private static final String NOTE = "empty";

    private Emptiness() {}

    /**
     * Return a warning for each map of an item that shows nothing.
     *
     * @param unreachable the layers that cannot reach the score, by target
     */
    static List<Warning> of(
            Attribution attribution,
            Map<String, List<String>> unreachable,
            Score score,
            int items) {
        List<Warning> warnings = new ArrayList<>();
        attribution
                .parts()
                .forEach(
                        (part, values) -> {
                            String cut = cut(part, unreachable);
                            for (int n = 0; n < items; n++) {
                                if (!cut.isEmpty()) {
                                    warnings.add(new Warning(n, attribution.method(), part, cut));
                                } else if (isZero(values, n, items)) {
                                    warnings.add(
                                            new Warning(
                                                    n, attribution.method(), part, zero(score)));
                                }
                            }
                        });
        return warnings;
    }

    private static String zero(Score score) {
        return score == Score.CROSS_ENTROPY
                ? "every value is zero; where the network is sure, its loss hardly changes: try the"
                        + " score 'logit'"
                : "every value is zero";
    }

    private static String cut(Attribution.Part part, Map<String, List<String>> unreachable) {
        List<String> layers = unreachable.getOrDefault(part.target(), List.of());
        if (part.atLayer()) {
            layers = layers.stream().filter(part.place()::equals).toList();
        }
        return layers.isEmpty()
                ? ""
                : "layer '"
                        + String.join("', '", layers)
                        + "' cannot reach the score '"
                        + part.target()
                        + "'";
    }

    private static boolean isZero(Values values, int n, int items) {
        long[] shape = values.shape();
        boolean itemized = shape.length > 0 && shape[0] == items;
        int size = itemized ? values.size() / items : values.size();
        int from = itemized ? n * size : 0;
        for (int i = from; i < from + size; i++) {
            if (values.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Return the attributions with the note {@code empty} where, and only where, one is warned of.
     */
    static Map<String, Attribution> noted(
            Map<String, Attribution> attributions, List<Warning> warnings) {
        Map<String, Attribution> noted = new LinkedHashMap<>();
        attributions.forEach(
                (method, attribution) -> {
                    Map<String, String> notes = new LinkedHashMap<>(attribution.notes());
                    notes.remove(NOTE);
                    if (warnings.stream().anyMatch(one -> one.method().equals(method))) {
                        notes.put(NOTE, "true");
                    }
                    noted.put(method, new Attribution(method, attribution.parts(), notes));
                });
        return noted;
    }
}
