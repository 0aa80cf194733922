package io.vitrail.cli;

import ai.djl.ndarray.types.Shape;
import io.vitrail.picture.Preprocessing;

/** Read the size of pictures out of the shape of a batch of them. */
final class PictureSize {
    /** What stands in front of rows and columns is channels if it is no more than this. */
    private static final int MOST_CHANNELS = 4;

    private PictureSize() {}

    /**
     * Return the preprocessing with the size of a shape, where it states none itself.
     *
     * <p>Of {@code (N, C, rows, columns)} or {@code (N, rows, columns, C)}; other shapes, and those
     * that leave a size open, change nothing.
     */
    static Preprocessing defaulted(Preprocessing spec, Shape shape) {
        if (shape.dimension() != 4) {
            return spec;
        }
        int rows = shape.get(1) > 0 && shape.get(1) <= MOST_CHANNELS ? 2 : 1;
        long height = shape.get(rows);
        long width = shape.get(rows + 1);
        return height < 1 || width < 1 || height > Short.MAX_VALUE || width > Short.MAX_VALUE
                ? spec
                : spec.withDefaultSize((int) width, (int) height);
    }
}
