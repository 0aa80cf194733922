package io.vitrail.demo;

/** A colour of three parts, each nominally of [0, 1]. */
record Colour(double red, double green, double blue) {

    /**
     * Create a colour from hue, saturation and value.
     *
     * @param hue in turns; whole turns do not count
     */
    static Colour of(double hue, double saturation, double value) {
        return new Colour(
                part(hue + 1.0 / 3, saturation, value),
                part(hue, saturation, value),
                part(hue - 1.0 / 3, saturation, value));
    }

    private static double part(double hue, double saturation, double value) {
        double turn = hue - Math.floor(hue);
        double ramp = clipped(2 - Math.abs(turn * 6 - 2));
        return value * (1 - saturation * (1 - ramp));
    }

    /** Return the colour that is the given part of the way to another. */
    Colour towards(Colour other, double part) {
        return new Colour(
                red + (other.red - red) * part,
                green + (other.green - green) * part,
                blue + (other.blue - blue) * part);
    }

    /** Return the colour with all its parts scaled. */
    Colour times(double light) {
        return new Colour(red * light, green * light, blue * light);
    }

    /** Return the nearest value of [0, 1]; millions of calls a second feel what Math.max costs. */
    static double clipped(double value) {
        return value < 0 ? 0 : value > 1 ? 1 : value;
    }
}
