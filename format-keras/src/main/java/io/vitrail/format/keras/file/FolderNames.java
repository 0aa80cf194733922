package io.vitrail.format.keras.file;

import java.util.Locale;

/** What Keras calls folders of weights in a {@code .keras}. */
public final class FolderNames {
    private FolderNames() {}

    /** As Keras's {@code to_snake_case}: {@code Conv2D} is conv2d, {@code PReLU} p_re_lu. */
    public static String snakeCase(String className) {
        return className
                .replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }
}
