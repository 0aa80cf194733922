package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Scored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one input, without its arrays.
 *
 * @param facts for the record
 * @param rows for the table: input, target, class, label, score, files
 * @param empty whether a map of it shows nothing
 */
record ItemResult(Map<String, Object> facts, List<Object[]> rows, boolean empty) {

    /**
     * Write the files of one input and return what is to be said of it.
     *
     * @param batch the number of items that ran together
     */
    static ItemResult written(NamedInput input, Explained one, int batch, ResultFiles files) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("input", input.file().toString());
        facts.put("sha256", input.digest());
        facts.put("items", one.items());
        facts.put("batch", batch);
        facts.put("seconds", Math.round(one.seconds() * 1e4) / 1e4);
        facts.put("forwardPasses", one.forwardPasses());
        if (!one.preprocess().isEmpty()) {
            facts.put("preprocess", one.preprocess());
        }
        facts.put("targets", one.scored().stream().map(ItemResult::facts).toList());
        if (one.isDetector()) {
            facts.put("boxes", BoxFacts.of(one));
        }
        facts.put("options", spelled(one.options()));
        facts.put("layers", one.layers());
        facts.put("seed", one.seed());
        if (!one.notices().isEmpty()) {
            facts.put("notices", one.notices());
        }
        boolean empty = false;
        List<Object> results = new ArrayList<>();
        for (Attribution attribution : one.attributions().values()) {
            for (Attribution.Part part : attribution.parts().keySet()) {
                Map<String, Object> result = facts(one, attribution, part);
                result.put("files", names(files.pictures(one, attribution, part)));
                empty |= result.containsKey("empty");
                results.add(result);
            }
        }
        facts.put("results", results);
        Path arrays = files.arrays(one);
        if (arrays != null) {
            facts.put("arrays", arrays.toString());
        }
        return new ItemResult(facts, rows(input.file(), one, files), empty);
    }

    /** Return at how many layers each method's rule stood, so that a user sees it took effect. */
    List<String> rules() {
        List<String> lines = new ArrayList<>();
        for (Object result : (List<?>) facts.get("results")) {
            Map<?, ?> one = (Map<?, ?>) result;
            if (one.get("rules") instanceof Integer layers) {
                lines.add(
                        one.get("method")
                                + ": its rule stood at "
                                + layers
                                + (layers == 1 ? " layer" : " layers"));
            }
        }
        return lines;
    }

    /** A method's own types are closed to a writer of JSON; their text is what {@code -s} takes. */
    private static Map<String, Object> spelled(Map<String, Map<String, Object>> options) {
        Map<String, Object> spelled = new LinkedHashMap<>();
        options.forEach(
                (method, settings) -> {
                    Map<String, Object> texts = new LinkedHashMap<>();
                    settings.forEach((key, value) -> texts.put(key, spelled(value)));
                    spelled.put(method, texts);
                });
        return spelled;
    }

    /** Return a value as {@code -s} takes it. */
    static String spelled(Object value) {
        String text = String.valueOf(value);
        return value instanceof Enum<?> ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static Map<String, Object> facts(Scored scored) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("target", scored.target());
        facts.put("classes", scored.classes());
        facts.put("labels", scored.labels());
        facts.put("scores", scored.scores().toDoubles());
        return facts;
    }

    private static Map<String, Object> facts(
            Explained one, Attribution attribution, Attribution.Part part) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("method", attribution.method());
        facts.put(part.atLayer() ? "layer" : "atInput", part.place());
        if (!part.target().isEmpty()) {
            facts.put("target", part.target());
        }
        Values values = attribution.parts().get(part);
        facts.put("shape", values.shape());
        facts.putAll(attribution.notes());
        if (attribution.notes().containsKey("rules")) {
            facts.put("rules", number(attribution.notes().get("rules")));
        }
        facts.remove("empty"); // said of the attribution as a whole; here of this part alone
        boolean empty =
                one.warnings().stream()
                        .anyMatch(
                                warning ->
                                        warning.method().equals(attribution.method())
                                                && warning.part().equals(part));
        if (empty) {
            facts.put("empty", true);
        }
        return facts;
    }

    private static Object number(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}")
                ? (Object) Integer.valueOf(text)
                : String.valueOf(text);
    }

    private static List<Object[]> rows(Path input, Explained one, ResultFiles files) {
        List<Object[]> rows = new ArrayList<>();
        String where = files.where();
        for (Scored scored : one.scored()) {
            for (int n = 0; n < scored.scores().size(); n++) {
                rows.add(
                        new Object[] {
                            one.items() == 1 ? input : input + "[" + n + "]",
                            scored.target(),
                            n < scored.classes().size() ? scored.classes().get(n) : "-",
                            n < scored.labels().size() && !scored.labels().get(n).isEmpty()
                                    ? scored.labels().get(n)
                                    : "-",
                            String.format(Locale.ROOT, "%.4g", scored.scores().get(n)),
                            where
                        });
            }
        }
        if (rows.isEmpty()) {
            rows.add(new Object[] {input, "-", "-", "-", "-", where});
        }
        return rows;
    }

    static List<String> names(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }
}
