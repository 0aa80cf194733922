package io.vitrail.demo;

/**
 * A figure with its place, turn, colours and texture.
 *
 * @param spot the circle that it lies in, in pixels
 * @param cos cosine of its turn
 * @param sin sine of its turn
 * @param grain direction of its texture as (cosine, sine)
 * @param pitch period of its texture in units of its radius
 */
record Pane(
        Figure figure,
        Scenes.Spot spot,
        double cos,
        double sin,
        double[] grain,
        double pitch,
        Texture texture,
        Colour first,
        Colour second) {

    static Pane random(SplitMix random, Figure figure, Scenes.Spot spot, boolean onLight) {
        double turn = random.between(0, 2 * Math.PI);
        double slant = random.between(0, 2 * Math.PI);
        double hue = random.unit();
        double saturation = random.between(0.7, 1);
        double value = onLight ? random.between(0.4, 0.75) : random.between(0.75, 1);
        Colour first = Colour.of(hue, saturation, value);
        Colour second =
                Colour.of(
                        hue + random.between(-0.12, 0.12),
                        saturation * random.between(0.4, 0.9),
                        value * random.between(0.6, 0.8));
        return new Pane(
                figure,
                spot,
                StrictMath.cos(turn),
                StrictMath.sin(turn),
                new double[] {StrictMath.cos(slant), StrictMath.sin(slant)},
                random.between(0.35, 0.6),
                Texture.values()[random.below(Texture.values().length)],
                first,
                second);
    }

    /** Return the distance in pixels from a pixel's centre to the edge, negative inside. */
    double distance(double x, double y) {
        double u = (x - spot.x()) / spot.radius();
        double v = (y - spot.y()) / spot.radius();
        return figure.distance(cos * u + sin * v, cos * v - sin * u) * spot.radius();
    }

    /** Return the colour at a pixel's centre, darker at the rim as if held by lead. */
    Colour at(double x, double y, double distance) {
        double u = (x - spot.x()) / spot.radius();
        double v = (y - spot.y()) / spot.radius();
        double part = texture.at(grain[0] * u + grain[1] * v, grain[0] * v - grain[1] * u, pitch);
        double light = 1.05 - 0.12 * (u + v);
        double rim = Colour.clipped(2.2 + distance);
        return first.towards(second, part).times(light * (1 - 0.45 * rim));
    }
}
