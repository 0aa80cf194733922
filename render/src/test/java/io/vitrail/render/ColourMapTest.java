package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColourMapTest {
    /** matplotlib 3.10's colours at eighths; 12 of 255 cannot be told apart side by side. */
    @ParameterizedTest
    @CsvSource({
        "VIRIDIS, 0, 68, 1, 84",
        "VIRIDIS, 0.25, 59, 82, 139",
        "VIRIDIS, 0.5, 33, 145, 140",
        "VIRIDIS, 0.75, 94, 201, 98",
        "VIRIDIS, 1, 253, 231, 37",
        "INFERNO, 0, 0, 0, 4",
        "INFERNO, 0.25, 87, 16, 110",
        "INFERNO, 0.5, 188, 55, 84",
        "INFERNO, 0.75, 249, 142, 9",
        "INFERNO, 1, 252, 255, 164",
        "TURBO, 0, 48, 18, 59",
        "TURBO, 0.125, 70, 107, 227",
        "TURBO, 0.25, 40, 188, 235",
        "TURBO, 0.375, 50, 242, 152",
        "TURBO, 0.5, 164, 252, 60",
        "TURBO, 0.75, 251, 126, 33",
        "TURBO, 1, 122, 4, 3",
        "GREY, 0.5, 128, 128, 128",
    })
    void coloursAreThoseOfMatplotlib(Colours map, double value, int red, int green, int blue) {
        int rgb = map.rgb(value);

        assertThat(rgb >> 16).isBetween(red - 12, red + 12);
        assertThat(rgb >> 8 & 255).isBetween(green - 12, green + 12);
        assertThat(rgb & 255).isBetween(blue - 12, blue + 12);
    }

    @Test
    void divergingIsWhiteAtZeroBlueBelowAndRedAbove() {
        int zero = Colours.DIVERGING.rgb(0);
        int below = Colours.DIVERGING.rgb(-1);
        int above = Colours.DIVERGING.rgb(1);

        assertThat(List.of(zero >> 16, zero >> 8 & 255, zero & 255)).allMatch(c -> c > 245);
        assertThat(below & 255).isGreaterThan((below >> 16) + 100);
        assertThat(above >> 16).isGreaterThan((above & 255) + 100);
    }

    @Test
    void divergingIsAsDarkOnBothSides() {
        for (double size = 0.1; size <= 1; size += 0.1) {
            assertThat(luminance(Colours.DIVERGING.rgb(-size)))
                    .isCloseTo(
                            luminance(Colours.DIVERGING.rgb(size)),
                            org.assertj.core.api.Assertions.within(0.12));
        }
    }

    @Test
    void beyondTheEndsTheLastColourHolds() {
        for (ColourMap map : Colours.values()) {
            assertThat(map.rgb(7)).isEqualTo(map.rgb(1));
            assertThat(map.rgb(-7)).isEqualTo(map.rgb(-1));
        }
    }

    private record Plugged(String id, boolean isSigned, int rgb) implements ColourMap {
        @Override
        public int rgb(double value) {
            return rgb;
        }
    }

    @Test
    void mapsAreNamedAndNobodyTakesABuiltInName() {
        List<ColourMap> plugged =
                List.of(new Plugged("jet", false, 1), new Plugged("viridis", false, 2));

        assertThat(Colours.named("jet", plugged)).isSameAs(plugged.get(0));
        assertThat(Colours.named("viridis", plugged)).isSameAs(Colours.VIRIDIS);
    }

    @Test
    void anUnknownMapIsRefusedWithTheNearest() {
        List<ColourMap> plugged = List.of(new Plugged("jet", false, 1));

        assertThatThrownBy(() -> Colours.named("viridia", plugged))
                .isInstanceOf(VitrailException.class)
                .hasMessage(
                        "no colour map 'viridia'\n  nearest: viridis\n  all:     viridis, inferno,"
                                + " turbo, grey, diverging, jet");
    }

    @Test
    void ofTwoPluggedInUnderOneIdNeitherIsUsed() {
        List<ColourMap> plugged =
                List.of(new Plugged("jet", false, 1), new Plugged("jet", false, 2));

        assertThatThrownBy(() -> Colours.named("jet", plugged))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("several plugins have a colour map 'jet'");
    }

    /** Rec. 709, on linear light. */
    private static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16 & 255)
                + 0.7152 * linear(rgb >> 8 & 255)
                + 0.0722 * linear(rgb & 255);
    }

    private static double linear(int level) {
        return Math.pow(level / 255.0, 2.2);
    }
}
