package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.LinkedHashMap;

/** Name every array of a result as the {@code .npz} does. */
final class NamedArrays {
    private NamedArrays() {}

    static LinkedHashMap<String, Values> of(Facts facts) {
        LinkedHashMap<String, Values> named = new LinkedHashMap<>();
        boolean targets = facts.scored().size() > 1;
        facts.attributions()
                .forEach(
                        (method, attribution) -> {
                            boolean inputs = severalInputs(attribution);
                            attribution
                                    .parts()
                                    .forEach(
                                            (part, values) ->
                                                    named.put(
                                                            key(method, part, inputs, targets),
                                                            values));
                        });
        boolean outputs = facts.outputs().size() > 1;
        facts.outputs()
                .forEach(
                        (name, values) -> named.put(outputs ? "output/" + name : "output", values));
        for (Scored scored : facts.scored()) {
            String at = targets ? "@" + scored.target() : "";
            if (!scored.classes().isEmpty()) {
                double[] classes =
                        scored.classes().stream().mapToDouble(Long::doubleValue).toArray();
                named.put("target" + at, Values.of(classes, Axes.NONE, classes.length));
            }
            named.put("score" + at, scored.scores());
        }
        return named;
    }

    private static String key(
            String method, Attribution.Part part, boolean inputs, boolean targets) {
        return method
                + (targets && !part.target().isEmpty() ? "@" + part.target() : "")
                + (part.atLayer() || inputs ? "/" + part.place() : "");
    }

    private static boolean severalInputs(Attribution attribution) {
        return attribution.parts().keySet().stream()
                        .filter(part -> !part.atLayer())
                        .map(Attribution.Part::place)
                        .distinct()
                        .count()
                > 1;
    }
}
