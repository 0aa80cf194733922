package io.vitrail.runtime;

import io.vitrail.api.Attribution;

/**
 * Say that a map is not what it looks like.
 *
 * @param item the item, from 0
 * @param method the id of the method
 * @param part the map that is meant
 * @param text what is wrong with it: all zeros, a layer that cannot reach the score
 */
public record Warning(int item, String method, Attribution.Part part, String text) {
    Warning ofOnlyItem() {
        return new Warning(0, method, part, text);
    }

    Warning later(int items) {
        return new Warning(item + items, method, part, text);
    }

    @Override
    public String toString() {
        return method
                + " at "
                + (part.atLayer() ? "layer" : "input")
                + " '"
                + part.place()
                + "'"
                + (part.target().isEmpty() ? "" : " for " + part.target())
                + ": "
                + text;
    }
}
