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

    /**
     * Take a spelling apart.
     *
     * <p>Names of layers and outputs may contain slashes: of several ways to split, the first whose
     * name is known holds.
     *
     * @throws VitrailException of kind {@code USAGE} if it has no known form
     */
    static TargetSpelling parse(
            String text, TargetForms forms, Predicate<String> isOutput, Predicate<String> isLayer) {
        Place place =
                text.startsWith("output:")
                        ? Place.OUTPUT
                        : text.startsWith("at:") ? Place.LAYER : Place.NONE;
        if (place == Place.NONE) {
            return form(text, forms, place, "", text);
        }
        Predicate<String> known = place == Place.OUTPUT ? isOutput : isLayer;
        int from = text.indexOf(':') + 1;
        int first = -1;
        for (int slash = text.indexOf('/', from);
                slash >= 0;
                slash = text.indexOf('/', slash + 1)) {
            if (!forms.isForm(text.substring(slash + 1))) {
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
            return form(text, forms, place, "", slash < 0 ? "" : text.substring(slash + 1));
        }
        return form(text, forms, place, text.substring(from, first), text.substring(first + 1));
    }

    private static TargetSpelling form(
            String whole, TargetForms forms, Place place, String name, String form) {
        if (!forms.isForm(form)) {
            List<String> nearest = NearestNames.of(form, forms.beginnings());
            throw VitrailException.usage(
                    "no target '"
                            + whole
                            + "'"
                            + (nearest.isEmpty()
                                    ? ""
                                    : "\n  nearest: " + String.join(", ", nearest))
                            + "\n  all:     "
                            + String.join(", ", forms.all())
                            + "\n  in front: output:NAME_OR_INDEX/ or at:LAYER/"
                            + forms.broken());
        }
        return new TargetSpelling(whole, place, name, "", "").alike(form);
    }

    /** Return the spelling of another form at the same place, which errors call by this one. */
    TargetSpelling alike(String form) {
        int colon = form.indexOf(':');
        String other = colon < 0 ? form : form.substring(0, colon);
        return new TargetSpelling(
                whole, place, name, other, colon < 0 ? "" : form.substring(colon + 1));
    }
}
