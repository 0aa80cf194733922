package io.vitrail.demo;

/**
 * Clouds between two muted colours.
 *
 * @param from the colour where the clouds are 0
 * @param to the colour where they are 1
 * @param lattices random values of [0, 1] for each octave of the clouds, on a square lattice
 */
record Backdrop(Colour from, Colour to, double[][] lattices) {
    private static final int[] CELLS = {3, 7, 17};
    private static final double[] WEIGHTS = {0.5, 0.3, 0.2};

    static Backdrop random(SplitMix random, boolean light) {
        double hue = random.unit();
        Colour from = muted(random, hue, light);
        Colour to = muted(random, hue + random.between(-0.2, 0.2), light);
        double[][] lattices = new double[CELLS.length][];
        for (int octave = 0; octave < CELLS.length; octave++) {
            int side = CELLS[octave] + 1;
            lattices[octave] = new double[side * side];
            for (int i = 0; i < lattices[octave].length; i++) {
                lattices[octave][i] = random.unit();
            }
        }
        return new Backdrop(from, to, lattices);
    }

    private static Colour muted(SplitMix random, double hue, boolean light) {
        double value = light ? random.between(0.72, 0.95) : random.between(0.1, 0.42);
        double saturation = light ? random.between(0.05, 0.25) : random.between(0.15, 0.5);
        return Colour.of(hue, saturation, value);
    }

    /** Return the clouds at the pixels of a square, row by row: value noise in three octaves. */
    double[] clouds(int side) {
        double[] clouds = new double[side * side];
        for (int octave = 0; octave < CELLS.length; octave++) {
            add(clouds, side, lattices[octave], CELLS[octave], WEIGHTS[octave]);
        }
        for (int i = 0; i < clouds.length; i++) {
            // the sum crowds around the middle: spread it
            clouds[i] = Colour.clipped(0.5 + 1.9 * (clouds[i] - 0.5));
        }
        return clouds;
    }

    private static void add(double[] clouds, int side, double[] lattice, int cells, double weight) {
        int[] cell = new int[side];
        double[] part = new double[side];
        for (int i = 0; i < side; i++) {
            double at = (i + 0.5) * cells / side;
            cell[i] = (int) at;
            part[i] = smooth(at - cell[i]);
        }
        double[] line = new double[cells + 1];
        for (int row = 0; row < side; row++) {
            for (int i = 0; i <= cells; i++) {
                int at = cell[row] * (cells + 1) + i;
                line[i] = weight * mixed(lattice[at], lattice[at + cells + 1], part[row]);
            }
            for (int column = 0; column < side; column++) {
                int at = cell[column];
                clouds[row * side + column] += mixed(line[at], line[at + 1], part[column]);
            }
        }
    }

    private static double mixed(double from, double to, double part) {
        return from + (to - from) * part;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }
}
