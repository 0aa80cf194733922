package io.vitrail.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a method found: an immutable value without native memory.
 *
 * @param method the method's id
 * @param parts the arrays, by place and target, in order
 * @param notes what the method or the runtime has to say about the result, such as {@code rules:
 *     17}, the number of layers at which a rule stood
 */
public record Attribution(String method, Map<Part, Values> parts, Map<String, String> notes) {

    /**
     * Where and for what an array holds.
     *
     * @param place the name of an input or of a layer
     * @param atLayer whether the place is a layer
     * @param target the spelling of the target, empty where none was evaluated
     */
    public record Part(String place, boolean atLayer, String target) {
        /** Return the part at an input, before the runtime adds the target. */
        public static Part input(String name) {
            return new Part(name, false, "");
        }

        /** Return the part at a layer, before the runtime adds the target. */
        public static Part layer(String name) {
            return new Part(name, true, "");
        }

        /** Return this part for a target. */
        public Part forTarget(String spelling) {
            return new Part(place, atLayer, spelling);
        }
    }

    public Attribution {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /** Create an attribution without notes. */
    public static Attribution of(String method, Map<Part, Values> parts) {
        return new Attribution(method, parts, Map.of());
    }

    /** Return this attribution with one note more. */
    public Attribution note(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(notes);
        more.put(key, String.valueOf(value));
        return new Attribution(method, parts, more);
    }

    /** Return this attribution's parts, each for the given target. */
    public Attribution forTarget(String spelling) {
        Map<Part, Values> renamed = new LinkedHashMap<>();
        parts.forEach((part, values) -> renamed.put(part.forTarget(spelling), values));
        return new Attribution(method, renamed, notes);
    }

    /**
     * Return an attribution with the parts and notes of both; what the other says of the same part
     * wins.
     */
    public Attribution and(Attribution other) {
        Map<Part, Values> both = new LinkedHashMap<>(parts);
        both.putAll(other.parts);
        Map<String, String> said = new LinkedHashMap<>(notes);
        said.putAll(other.notes);
        return new Attribution(method, both, said);
    }

    /**
     * Return the array of the only part.
     *
     * @throws IllegalStateException if there are several
     */
    public Values values() {
        if (parts.size() != 1) {
            throw new IllegalStateException(
                    method + " has " + parts.size() + " parts: " + parts.keySet());
        }
        return parts.values().iterator().next();
    }

    /** Return the array at a layer, for the only target. */
    public Values atLayer(String layer) {
        return find(layer, true);
    }

    /** Return the array at an input, for the only target. */
    public Values atInput(String input) {
        return find(input, false);
    }

    private Values find(String place, boolean atLayer) {
        Values found = null;
        for (Map.Entry<Part, Values> entry : parts.entrySet()) {
            if (entry.getKey().place().equals(place) && entry.getKey().atLayer() == atLayer) {
                if (found != null) {
                    throw new IllegalStateException(
                            method + " has several targets at '" + place + "': " + parts.keySet());
                }
                found = entry.getValue();
            }
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    method + " has nothing at '" + place + "': " + parts.keySet());
        }
        return found;
    }
}
