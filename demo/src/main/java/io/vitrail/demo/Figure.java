package io.vitrail.demo;

/**
 * The shapes that a scene may hold, in the order of the network's outputs.
 *
 * <p>A figure is its signed distance function: negative inside, positive outside, in units in which
 * the figure fits a circle of radius 1 around the origin; y points down.
 */
enum Figure {
    CIRCLE {
        @Override
        double distance(double x, double y) {
            return length(x, y) - 0.88;
        }
    },
    SQUARE {
        @Override
        double distance(double x, double y) {
            return polygon(SQUARE_CORNERS, x, y);
        }
    },
    TRIANGLE {
        @Override
        double distance(double x, double y) {
            return polygon(TRIANGLE_CORNERS, x, y);
        }
    },
    STAR {
        @Override
        double distance(double x, double y) {
            return polygon(STAR_CORNERS, x, y);
        }
    },
    CROSS {
        @Override
        double distance(double x, double y) {
            return polygon(CROSS_CORNERS, x, y);
        }
    },
    RING {
        @Override
        double distance(double x, double y) {
            return Math.abs(length(x, y) - 0.7) - 0.22;
        }
    },
    CRESCENT {
        @Override
        double distance(double x, double y) {
            return Math.max(length(x, y) - 0.98, 0.75 - length(x - 0.45, y));
        }
    },
    HEART {
        @Override
        double distance(double x, double y) {
            // a square on its corner, and a disc on the middle of each of its upper sides
            double lobe = length(Math.abs(x) - 0.395, y + 0.195) - 0.395 * Math.sqrt(2);
            return Math.min(polygon(HEART_CORNERS, x, y), lobe);
        }
    };

    private static final double[] SQUARE_CORNERS = corners(4, 1, 1);
    private static final double[] TRIANGLE_CORNERS = corners(3, 1, 1);
    private static final double[] STAR_CORNERS = corners(10, 1, 0.42);
    private static final double[] CROSS_CORNERS = {
        -.3, -.95, .3, -.95, .3, -.3, .95, -.3, .95, .3, .3, .3, .3, .95, -.3, .95, -.3, .3, -.95,
        .3, -.95, -.3, -.3, -.3
    };
    private static final double[] HEART_CORNERS = {0, -.59, .79, .2, 0, .99, -.79, .2};

    /** Return the distance from a point to the edge, negative inside. */
    abstract double distance(double x, double y);

    /** Return the corners of a star that alternates between two radii, the first one up. */
    private static double[] corners(int count, double even, double odd) {
        double[] points = new double[2 * count];
        for (int i = 0; i < count; i++) {
            double radius = i % 2 == 0 || even == odd ? even : odd;
            double angle = 2 * Math.PI * i / count;
            points[2 * i] = radius * StrictMath.sin(angle);
            points[2 * i + 1] = -radius * StrictMath.cos(angle);
        }
        return points;
    }

    private static double polygon(double[] points, double x, double y) {
        double nearest = Double.MAX_VALUE;
        boolean inside = false;
        int last = points.length - 2;
        for (int i = 0; i < points.length; last = i, i += 2) {
            double dx = points[last] - points[i];
            double dy = points[last + 1] - points[i + 1];
            double px = x - points[i];
            double py = y - points[i + 1];
            double along = (px * dx + py * dy) / (dx * dx + dy * dy);
            double t = Colour.clipped(along);
            double ex = px - t * dx;
            double ey = py - t * dy;
            nearest = Math.min(nearest, ex * ex + ey * ey);
            // even-odd rule: count the edges that a ray to the right crosses
            if ((points[i + 1] > y) != (points[last + 1] > y) && px < dx * py / dy) {
                inside = !inside;
            }
        }
        return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }
}
