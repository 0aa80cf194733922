package io.vitrail.render;

import io.vitrail.api.VitrailException;

/**
 * The colours of even steps of a map, for whole pictures.
 *
 * @param signed whether the steps run from -1 or from 0, to 1
 */
record ColourTable(int[] colours, boolean signed) {
    private static final int STEPS = 1024;

    /**
     * Ask a map for its colours.
     *
     * @throws VitrailException of kind {@code FAILURE} if it fails
     */
    static ColourTable of(ColourMap map) {
        try {
            boolean signed = map.isSigned();
            int[] colours = new int[STEPS + 1];
            for (int i = 0; i <= STEPS; i++) {
                colours[i] = map.rgb(signed ? 2.0 * i / STEPS - 1 : (double) i / STEPS);
            }
            return new ColourTable(colours, signed);
        } catch (RuntimeException | LinkageError e) {
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    "colour map '" + Colours.id(map) + "' failed: " + e,
                    e);
        }
    }

    /** Return the colour of a number; beyond the ends, the last; of NaN, that of 0. */
    int rgb(double value) {
        double number = Double.isNaN(value) ? 0 : value;
        double t = signed ? (number + 1) / 2 : number;
        return colours[(int) Math.round(Math.min(Math.max(t, 0), 1) * STEPS)];
    }
}
