package io.vitrail.demo;

/** Patterns that fill a shape; each tells how much of the second colour shows at a point. */
enum Texture {
    PLAIN {
        @Override
        double at(double x, double y, double pitch) {
            return 0;
        }
    },
    FADE {
        @Override
        double at(double x, double y, double pitch) {
            return Colour.clipped(0.5 + 0.6 * y);
        }
    },
    STRIPES {
        @Override
        double at(double x, double y, double pitch) {
            return edge(wave(x / pitch));
        }
    },
    CHECKS {
        @Override
        double at(double x, double y, double pitch) {
            return edge(wave(x / pitch) * wave(y / pitch) * 2);
        }
    },
    DOTS {
        @Override
        double at(double x, double y, double pitch) {
            double u = x / pitch - Math.rint(x / pitch);
            double v = y / pitch - Math.rint(y / pitch);
            return edge(1.2 - 4 * Math.sqrt(u * u + v * v));
        }
    };

    /**
     * Return the share of the second colour, 0 to 1.
     *
     * @param x position across the shape, whose radius is 1
     * @param y position along the shape
     * @param pitch length of one period
     */
    abstract double at(double x, double y, double pitch);

    /** A triangle wave between -1 and 1 of period 1. */
    private static double wave(double t) {
        return 4 * Math.abs(t - Math.floor(t) - 0.5) - 1;
    }

    private static double edge(double signed) {
        return Colour.clipped(0.5 + 1.6 * signed);
    }
}
