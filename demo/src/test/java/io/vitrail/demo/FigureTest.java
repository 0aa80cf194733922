package io.vitrail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {
    private static final int RADIUS = 30;

    /**
     * Areas from plane geometry, in units of the squared radius: discs, regular polygons, two bars
     * less what they share, a disc less a lens, a square with two half discs.
     */
    @ParameterizedTest
    @CsvSource({
        "CIRCLE, 2.4328",
        "SQUARE, 2.0000",
        "TRIANGLE, 1.2990",
        "STAR, 1.2343",
        "CROSS, 1.9200",
        "RING, 1.9352",
        "CRESCENT, 1.5020",
        "HEART, 2.2285"
    })
    void aFigureCoversItsArea(Figure figure, double area) {
        int inside = 0;
        for (int i = 0; i < 4 * RADIUS * RADIUS; i++) {
            double x = (i % (2 * RADIUS) + 0.5) / RADIUS - 1;
            double y = (i / (2 * RADIUS) + 0.5) / RADIUS - 1;
            inside += figure.distance(x, y) < 0 ? 1 : 0;
        }
        // counting pixel centres errs by a small part of the pixels on the edge
        assertThat(inside / (double) (RADIUS * RADIUS)).isCloseTo(area, within(0.03));
    }

    /** Each point lies outside, right of the figure, at a distance read off the drawing. */
    @ParameterizedTest
    @CsvSource({
        "CIRCLE, 2, 0, 1.12",
        "SQUARE, 2, 0, 1",
        "CROSS, 2, 0, 1.05",
        "RING, 0, 0, 0.48",
        "TRIANGLE, 0, 1.5, 1",
        "STAR, 0, -2, 1"
    })
    void distancesAreThoseToTheEdge(Figure figure, double x, double y, double distance) {
        assertThat(figure.distance(x, y)).isCloseTo(distance, within(1e-9));
    }
}
