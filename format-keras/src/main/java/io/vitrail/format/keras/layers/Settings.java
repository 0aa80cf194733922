package io.vitrail.format.keras.layers;

import io.vitrail.format.keras.LayerBuilder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operation is told: in its configuration, or in the keywords of its call. */
final class Settings {
    private static final int NOWHERE = Integer.MAX_VALUE; // never a position

    private Settings() {}

    private static @Nullable Object find(LayerBuilder layer, String... keys) {
        for (String key : keys) {
            Object configured = layer.config().value(key);
            Object value = configured != null ? configured : layer.argument(NOWHERE, key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Return whole numbers that must be there; a single one is a list of one. */
    static List<Long> integers(LayerBuilder layer, String... keys) {
        Object found = find(layer, keys);
        List<?> items = found instanceof List<?> list ? list : Arrays.asList(found);
        return items.stream().map(item -> whole(layer, item, keys)).toList();
    }

    static long integer(LayerBuilder layer, long otherwise, String... keys) {
        Object found = find(layer, keys);
        return found == null ? otherwise : whole(layer, found, keys);
    }

    private static long whole(LayerBuilder layer, @Nullable Object value, String... keys) {
        if (value instanceof Long whole) {
            return whole;
        }
        throw layer.refusal(
                "has " + value + " as " + keys[0], "a whole number that the file holds is known");
    }

    static double number(LayerBuilder layer, double otherwise, String... keys) {
        Object found = find(layer, keys);
        if (found == null) {
            return otherwise;
        }
        if (found instanceof Number number) {
            return number.doubleValue();
        }
        throw layer.refusal(
                "has " + found + " as " + keys[0], "a number that the file holds is known");
    }

    static boolean flag(LayerBuilder layer, boolean otherwise, String key) {
        return find(layer, key) instanceof Boolean flag ? flag : otherwise;
    }

    /** Return a text, or null where there is none. */
    static @Nullable String text(LayerBuilder layer, String key) {
        return find(layer, key) instanceof String text ? text : null;
    }
}
