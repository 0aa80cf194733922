package io.vitrail.demo;

/** A square picture that is being painted; parts of a colour are of [0, 1]. */
final class Canvas {
    private final int side;
    private final double[] red;
    private final double[] green;
    private final double[] blue;

    Canvas(int side, Backdrop backdrop) {
        this.side = side;
        this.red = new double[side * side];
        this.green = new double[side * side];
        this.blue = new double[side * side];
        double[] clouds = backdrop.clouds(side);
        Colour from = backdrop.from();
        Colour to = backdrop.to();
        for (int i = 0; i < clouds.length; i++) {
            red[i] = from.red() + (to.red() - from.red()) * clouds[i];
            green[i] = from.green() + (to.green() - from.green()) * clouds[i];
            blue[i] = from.blue() + (to.blue() - from.blue()) * clouds[i];
        }
    }

    /** Paint a pane over what is there, and return the pixels whose centre it covers. */
    boolean[] draw(Pane pane) {
        boolean[] covered = new boolean[red.length];
        double reach = pane.spot().radius() + 1;
        int left = (int) Math.max(0, pane.spot().x() - reach);
        int right = (int) Math.min(side - 1, pane.spot().x() + reach);
        int top = (int) Math.max(0, pane.spot().y() - reach);
        int bottom = (int) Math.min(side - 1, pane.spot().y() + reach);
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double x = column + 0.5;
                double y = row + 0.5;
                double distance = pane.distance(x, y);
                if (distance < 0.5) {
                    int at = row * side + column;
                    blend(at, pane.at(x, y, distance), Math.min(1, 0.5 - distance));
                    covered[at] = distance < 0;
                }
            }
        }
        return covered;
    }

    private void blend(int at, Colour colour, double cover) {
        red[at] += (colour.red() - red[at]) * cover;
        green[at] += (colour.green() - green[at]) * cover;
        blue[at] += (colour.blue() - blue[at]) * cover;
    }

    /**
     * Return the picture as bytes, red, green and blue, with noise on every one of them.
     *
     * @param grain amplitude of the noise that the three share; each has half as much of its own
     */
    byte[] bytes(SplitMix random, double grain) {
        byte[] bytes = new byte[3 * red.length];
        for (int i = 0; i < red.length; i++) {
            long bits = random.next();
            double shared = grain * grained(bits);
            bytes[3 * i] = quantised(red[i] + shared + grain / 2 * grained(bits >>> 16));
            bytes[3 * i + 1] = quantised(green[i] + shared + grain / 2 * grained(bits >>> 32));
            bytes[3 * i + 2] = quantised(blue[i] + shared + grain / 2 * grained(bits >>> 48));
        }
        return bytes;
    }

    /** Make 16 bits a number of [-1, 1] that is denser around 0, as film grain is. */
    private static double grained(long bits) {
        int sum = (int) (bits & 0xFF) + (int) (bits >>> 8 & 0xFF);
        return sum * (1 / 255.0) - 1;
    }

    private static byte quantised(double part) {
        return (byte) (int) (255 * Colour.clipped(part) + 0.5);
    }
}
