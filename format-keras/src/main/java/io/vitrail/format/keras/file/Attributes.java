package io.vitrail.format.keras.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Read lists that Keras splits when they pass 64 KB: {@code weight_names0}, {@code weight_names1}.
 */
final class Attributes {
    private Attributes() {}

    /** Return the texts, none where there is no such attribute. */
    static List<String> list(Hdf5 hdf5, String group, String name) {
        List<String> whole = hdf5.texts(group, name);
        if (whole != null) {
            return whole;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; ; i++) {
            List<String> part = hdf5.texts(group, name + i);
            if (part == null) {
                return parts;
            }
            parts.addAll(part);
        }
    }
}
