package io.vitrail.runtime;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.function.Predicate;

/**
 * A target's spelling, taken apart.
 *
 * @param whole as it was written
 * @param place what the prefix names
 * @param name the output or layer of the prefix; empty without one
 * @param head {@code predicted}, {@code class}, ...
 * @param rest what follows the head's colon; empty where nothing does
 */
record TargetSpelling(String whole, Place place, String name, String head, String rest) {

    /** What a prefix names. */
    enum Place {
        NONE,
        OUTPUT,
        LAYER
    }

    static final List<String> FORMS =
            List.of(
                    "predicted",
                    "class:K",
                    "class:K1,K2,... (one an item)",
                    "label:TEXT",
                    "sum",
                    "layer:LAYER",
                    "channel:LAYER:K",
                    "neuron:LAYER:i,j,k",
                    "yolo",
                    "yolo:K",
                    "yolo:TEXT",
                    "yolo-raw",
                    "box:N");

    private static final List<String> ALONE = List.of("predicted", "sum", "yolo", "yolo-raw");
    private static final List<String> WITH_REST =
            List.of("class", "label", "layer", "channel", "neuron", "yolo", "box");

    /**
     * Take a spelling apart.
     *
     * <p>Names of layers and outputs may contain slashes: of several ways to split, the first whose
     * name is known holds.
     *
     * @throws VitrailException of kind {@code USAGE} if it has no known form
     */
    static TargetSpelling parse(
            String text, Predicate<String> isOutput, Predicate<String> isLayer) {
        Place place =
                text.startsWith("output:")
                        ? Place.OUTPUT
                        : text.startsWith("at:") ? Place.LAYER : Place.NONE;
        if (place == Place.NONE) {
            return form(text, place, "", text);
        }
        Predicate<String> known = place == Place.OUTPUT ? isOutput : isLayer;
        int from = text.indexOf(':') + 1;
        int first = -1;
        for (int slash = text.indexOf('/', from);
                slash >= 0;
                slash = text.indexOf('/', slash + 1)) {
            if (!isForm(text.substring(slash + 1))) {
                continue;
            }
            first = first < 0 ? slash : first;
            if (known.test(text.substring(from, slash))) {
                first = slash;
                break;
            }
        }
        if (first < 0) {
            int slash = text.indexOf('/', from);
            return form(text, place, "", slash < 0 ? "" : text.substring(slash + 1));
        }
        return form(text, place, text.substring(from, first), text.substring(first + 1));
    }

    private static TargetSpelling form(String whole, Place place, String name, String form) {
        if (!isForm(form)) {
            List<String> heads =
                    List.of(
                            "predicted",
                            "class:",
                            "label:",
                            "sum",
                            "layer:",
                            "channel:",
                            "neuron:",
                            "yolo",
                            "yolo:",
                            "yolo-raw",
                            "box:");
            List<String> nearest = NearestNames.of(form, heads);
            throw VitrailException.usage(
                    "no target '"
                            + whole
                            + "'"
                            + (nearest.isEmpty()
                                    ? ""
                                    : "\n  nearest: " + String.join(", ", nearest))
                            + "\n  all:     "
                            + String.join(", ", FORMS)
                            + "\n  in front: output:NAME_OR_INDEX/ or at:LAYER/");
        }
        int colon = form.indexOf(':');
        return colon < 0
                ? new TargetSpelling(whole, place, name, form, "")
                : new TargetSpelling(
                        whole, place, name, form.substring(0, colon), form.substring(colon + 1));
    }

    private static boolean isForm(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? ALONE.contains(text)
                : WITH_REST.contains(text.substring(0, colon)) && colon + 1 < text.length();
    }
}
