package io.vitrail.api;

import java.util.List;
import java.util.function.Function;

/**
 * A setting of a method, with the spelling that the command line uses.
 *
 * @param key the name: {@code relu} in {@code -s grad-cam.relu=false}
 * @param defaultValue what holds where nobody sets it
 * @param values the values that can be chosen, or a description such as {@code whole number}
 * @param sentence what it does, in one sentence
 * @param parser from the spelling; throws {@link IllegalArgumentException} for one that it does not
 *     know
 */
public record Option<T>(
        String key, T defaultValue, String values, String sentence, Function<String, T> parser) {

    /** Create a switch, {@code true} or {@code false}. */
    public static Option<Boolean> flag(String key, boolean defaultValue, String sentence) {
        return new Option<>(
                key,
                defaultValue,
                "true|false",
                sentence,
                text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new IllegalArgumentException("true or false");
                        });
    }

    /** Create a choice among words, the first of which is the default. */
    public static Option<String> choice(String key, List<String> words, String sentence) {
        return new Option<>(
                key,
                words.get(0),
                String.join("|", words),
                sentence,
                text -> {
                    if (!words.contains(text)) {
                        throw new IllegalArgumentException(String.join(", ", words));
                    }
                    return text;
                });
    }

    /** Create a whole number within bounds, both included. */
    public static Option<Integer> integer(
            String key, int defaultValue, int min, int max, String sentence) {
        return new Option<>(
                key,
                defaultValue,
                min + ".." + max,
                sentence,
                text -> {
                    int number;
                    try {
                        number = Integer.parseInt(text);
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException("a whole number", e);
                    }
                    if (number < min || number > max) {
                        throw new IllegalArgumentException(min + " to " + max);
                    }
                    return number;
                });
    }

    /** Create a free text. */
    public static Option<String> text(
            String key, String defaultValue, String values, String sentence) {
        return new Option<>(key, defaultValue, values, sentence, Function.identity());
    }

    /**
     * Create a choice of another method and its options, which {@link Session#call(MethodCall,
     * ai.djl.ndarray.NDList, Request)} runs.
     *
     * @param id the method where nobody chooses, with its default options
     */
    public static Option<MethodCall> method(String key, String id, String sentence) {
        return new Option<>(
                key,
                MethodCall.of(id),
                "METHOD or METHOD,KEY=VALUE,...",
                sentence,
                MethodCall::parse);
    }
}
