package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Scored;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Say in a picture what made it.
 *
 * @param digest the SHA-256 of the model's file
 */
record PictureTexts(Asked asked, String digest, Path input) {

    /** Return the texts for one item of one part. */
    Map<String, String> of(
            Explained explained, Attribution attribution, Attribution.Part part, int n) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Software", "Vitrail " + Version.number());
        texts.put("Model", String.valueOf(asked.model().getFileName()));
        texts.put("Model-SHA256", digest);
        texts.put("Source", String.valueOf(input.getFileName()));
        texts.put("Method", attribution.method());
        texts.put("Options", spelled(explained.options().get(attribution.method())));
        texts.put(part.atLayer() ? "Layer" : "Input", part.place());
        List<String> through = explained.layers().getOrDefault(attribution.method(), List.of());
        if (!part.atLayer() && !through.isEmpty()) {
            texts.put("Layer", String.join(", ", through));
        }
        if (!part.target().isEmpty()) {
            texts.put("Target", part.target());
            texts.put("Score", asked.score().spelling());
            explained.scored().stream()
                    .filter(scored -> scored.target().equals(part.target()))
                    .forEach(scored -> texts.putAll(texts(scored, n)));
        }
        if (!explained.preprocess().isEmpty()) {
            texts.put("Preprocess", explained.preprocess());
        }
        return texts;
    }

    /** Return which class the score of an item is about, and how much it is. */
    private static Map<String, String> texts(Scored scored, int n) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (n < scored.classes().size()) {
            texts.put("Class", scored.classes().get(n).toString());
        }
        if (n < scored.labels().size() && !scored.labels().get(n).isEmpty()) {
            texts.put("Label", scored.labels().get(n));
        }
        if (n < scored.scores().size()) {
            texts.put("Score-Value", Double.toString(scored.scores().get(n)));
        }
        return texts;
    }

    /** Return options as {@code -s} takes them, with blanks between. */
    private static String spelled(@Nullable Map<String, Object> options) {
        return options == null
                ? ""
                : options.entrySet().stream()
                        .map(
                                option ->
                                        option.getKey()
                                                + "="
                                                + ItemResult.spelled(option.getValue()))
                        .collect(Collectors.joining(" "));
    }

    /** Return what a page says above its words. */
    static String title(Map<String, String> texts) {
        String what = texts.get("Source") + ": " + texts.get("Method");
        String where = texts.getOrDefault("Layer", "");
        String of = texts.getOrDefault("Label", texts.getOrDefault("Target", ""));
        return what + (where.isEmpty() ? "" : " at " + where) + (of.isEmpty() ? "" : ", " + of);
    }
}
