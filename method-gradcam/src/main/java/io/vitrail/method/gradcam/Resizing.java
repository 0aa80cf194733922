package io.vitrail.method.gradcam;

/** How a map takes another size, axis by axis; centres of pixels, not corners, are aligned. */
enum Resizing {
    /** It does not. */
    NONE,
    /**
     * Linear between the two nearest centres along each axis, constant beyond the outermost; a
     * smaller size is sampled, not averaged. PyTorch's linear, bilinear or trilinear, as many axes
     * as there are.
     */
    BILINEAR,
    /** Element {@code floor(i * from / to)}, as PyTorch's and Captum's {@code nearest}. */
    NEAREST;

    static Resizing parse(String word) {
        return switch (word) {
            case "none" -> NONE;
            case "linear", "bilinear", "trilinear" -> BILINEAR;
            case "nearest" -> NEAREST;
            default ->
                    throw new IllegalArgumentException(
                            "none, linear, bilinear, trilinear, nearest");
        };
    }

    /**
     * Resample one axis.
     *
     * @param data {@code (outer, from, inner)} in row-major order
     * @return {@code (outer, to, inner)}
     */
    double[] along(double[] data, int outer, int from, int inner, int to) {
        if (this == NONE || from == to) {
            return data;
        }
        double[] resized = new double[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
        for (int i = 0; i < to; i++) {
            double at = Math.max(0, (i + 0.5) * from / to - 0.5);
            int low = this == NEAREST ? (int) ((long) i * from / to) : (int) at;
            int high = Math.min(low + 1, from - 1);
            double share = this == NEAREST ? 0 : at - low;
            for (int o = 0; o < outer; o++) {
                for (int k = 0; k < inner; k++) {
                    double a = data[(o * from + low) * inner + k];
                    double b = data[(o * from + high) * inner + k];
                    resized[(o * to + i) * inner + k] = a + share * (b - a);
                }
            }
        }
        return resized;
    }
}
