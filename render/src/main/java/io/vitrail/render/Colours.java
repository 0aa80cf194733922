package io.vitrail.render;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * The colour maps that are built in.
 *
 * <p>All maps are computed. The first three are polynomials fitted to matplotlib's tables, a few
 * units of 255 away from them.
 */
public enum Colours implements ColourMap {
    /** Dark blue to yellow, evenly growing lighter; fit by M. Zucker (CC0). */
    VIRIDIS(
            new double[][] {
                {
                    0.2777273272234177,
                    0.1050930431085774,
                    -0.3308618287255563,
                    -4.634230498983486,
                    6.228269936347081,
                    4.776384997670288,
                    -5.435455855934631
                },
                {
                    0.005407344544966578,
                    1.404613529898575,
                    0.214847559468213,
                    -5.799100973351585,
                    14.17993336680509,
                    -13.74514537774601,
                    4.645852612178535
                },
                {
                    0.3340998053353061,
                    1.384590162594685,
                    0.09509516302823659,
                    -19.33244095627987,
                    56.69055260068105,
                    -65.35303263337234,
                    26.3124352495832
                }
            }),
    /** Black over red to pale yellow; fit by M. Zucker (CC0). */
    INFERNO(
            new double[][] {
                {
                    0.0002189403691192265,
                    0.1065134194856116,
                    11.60249308247187,
                    -41.70399613139459,
                    77.162935699427,
                    -71.31942824499214,
                    25.13112622477341
                },
                {
                    0.001651004631001012,
                    0.5639564367884091,
                    -3.972853965665698,
                    17.43639888205313,
                    -33.40235894210092,
                    32.62606426397723,
                    -12.24266895238567
                },
                {
                    -0.01948089843709184,
                    3.932712388889277,
                    -15.9423941062914,
                    44.35414519872813,
                    -81.80730925738993,
                    73.20951985803202,
                    -23.07032500287172
                }
            }),
    /** A smooth rainbow; fitted here by least squares, closer than the published polynomial. */
    TURBO(
            new double[][] {
                {
                    0.20471,
                    -1.23492,
                    64.65684,
                    -645.08235,
                    2637.66302,
                    -5400.13514,
                    5922.00409,
                    -3343.04493,
                    765.45190
                },
                {
                    0.07048,
                    3.19394,
                    -7.78263,
                    58.01239,
                    -228.77300,
                    460.40413,
                    -539.04880,
                    347.16165,
                    -93.22469
                },
                {
                    0.23043,
                    7.82723,
                    -26.43746,
                    105.81305,
                    -691.40214,
                    2146.87981,
                    -3156.26581,
                    2211.72707,
                    -598.37085
                }
            }),
    /** Black to white. */
    GREY(new double[][] {{0, 1}, {0, 1}, {0, 1}}),
    /** Blue over white to red, equally far from white on both sides (in Oklab): for signs. */
    DIVERGING(null);

    private final double @org.jspecify.annotations.Nullable [][] polynomials;

    Colours(double @org.jspecify.annotations.Nullable [][] polynomials) {
        this.polynomials = polynomials;
    }

    @Override
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean isSigned() {
        return polynomials == null;
    }

    @Override
    public int rgb(double value) {
        double[][] channels = polynomials;
        if (channels == null) {
            return diverging(Math.min(Math.max(value, -1), 1));
        }
        double t = Math.min(Math.max(value, 0), 1);
        return pack(at(channels[0], t), at(channels[1], t), at(channels[2], t));
    }

    /**
     * Return the map of this id, built in or plugged in.
     *
     * <p>One that is built in comes first; of two plugged in under one id neither is used, nor is
     * one that fails to say its id.
     *
     * @param plugged those of plugins, as {@link java.util.ServiceLoader} found them
     * @throws VitrailException of kind {@code USAGE} if there is none; the message has the nearest
     *     ids
     */
    public static ColourMap named(String id, Collection<? extends ColourMap> plugged) {
        List<ColourMap> found = new ArrayList<>();
        LinkedHashSet<String> known = new LinkedHashSet<>();
        for (Colours own : values()) {
            if (own.id().equals(id)) {
                return own;
            }
            known.add(own.id());
        }
        for (ColourMap other : plugged) {
            String its = id(other);
            if (its.equals(id)) {
                found.add(other);
            }
            if (!its.isEmpty()) {
                known.add(its);
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        if (!found.isEmpty()) {
            throw VitrailException.usage(
                    "several plugins have a colour map '"
                            + id
                            + "'\n  do:  remove all but one of them, see vitrail plugins");
        }
        List<String> nearest = NearestNames.of(id, known);
        throw VitrailException.usage(
                "no colour map '"
                        + id
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  all:     "
                        + String.join(", ", known));
    }

    /** A plugin that cannot say its id harms nobody. */
    static String id(ColourMap map) {
        try {
            return map.id() == null ? "" : map.id();
        } catch (RuntimeException | LinkageError e) {
            return "";
        }
    }

    private static double at(double[] polynomial, double t) {
        double sum = 0;
        for (int i = polynomial.length - 1; i >= 0; i--) {
            sum = sum * t + polynomial[i];
        }
        return sum;
    }

    /** Lightness falls and chroma grows with the magnitude; the hue is that of the sign. */
    private static int diverging(double value) {
        double size = Math.abs(value);
        double lightness = 0.985 - 0.50 * Math.pow(size, 1.15);
        double chroma =
                (value < 0 ? 0.155 : 0.195) * Math.pow(Math.sin(size * Math.PI / 2 * 0.86), 0.95);
        double hue = Math.toRadians(value < 0 ? 256 : 27);
        double a = chroma * Math.cos(hue);
        double b = chroma * Math.sin(hue);
        double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return pack(
                gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                gamma(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static double cube(double x) {
        return x * x * x;
    }

    /** From linear light to sRGB. */
    private static double gamma(double light) {
        return light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
    }

    private static int pack(double red, double green, double blue) {
        return level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(double channel) {
        return (int) Math.round(Math.min(Math.max(channel, 0), 1) * 255);
    }
}
