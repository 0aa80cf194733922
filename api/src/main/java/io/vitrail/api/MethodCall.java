package io.vitrail.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A method that another one calls, and the options that it is given.
 *
 * <p>Spelled {@code guided-backprop} or {@code guided-backprop,reduce=l2,smooth=true}; a word
 * without {@code =} goes on with the value before it, so that {@code activation,channels=1,2} sets
 * one option. A method that composes others declares {@link Option#method} and hands its value to
 * {@link Session#call(MethodCall, ai.djl.ndarray.NDList, Request)}.
 *
 * @param id the method's id
 * @param options their values by key, as the command line spells them; what is absent has its
 *     default
 */
public record MethodCall(String id, Map<String, String> options) {
    public MethodCall {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Create a call with default options. */
    public static MethodCall of(String id) {
        return new MethodCall(id, Map.of());
    }

    /** Return this call with an option set, as the command line spells its value. */
    public MethodCall with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(key, value);
        return new MethodCall(id, more);
    }

    /**
     * Read a call from its spelling.
     *
     * @throws IllegalArgumentException if it does not begin with an id
     */
    public static MethodCall parse(String text) {
        List<String> words = List.of(text.split(",", -1));
        String id = words.get(0).strip();
        if (id.isEmpty() || id.contains("=")) {
            throw new IllegalArgumentException("METHOD or METHOD,KEY=VALUE,...");
        }
        Map<String, String> options = new LinkedHashMap<>();
        String last = "";
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                last = word.substring(0, equals).strip();
                options.put(last, word.substring(equals + 1));
            } else if (last.isEmpty() || equals == 0) {
                throw new IllegalArgumentException("METHOD or METHOD,KEY=VALUE,...");
            } else {
                options.merge(last, word, (before, more) -> before + "," + more);
            }
        }
        return new MethodCall(id, options);
    }

    /** Return the spelling, as {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(id);
        options.forEach((key, value) -> text.append(',').append(key).append('=').append(value));
        return text.toString();
    }
}
