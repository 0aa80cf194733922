package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.render.ColourMap;
import io.vitrail.render.Colours;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Check what every colour map owes its callers; extend it with the map. Needs vitrail-render. */
public abstract class ColourMapContract {
    private static final int STEPS = 512;

    /** Create the contract; for subclasses. */
    protected ColourMapContract() {}

    /** Return the map to check. */
    protected abstract ColourMap colours();

    private double at(int step) {
        return colours().isSigned() ? 2.0 * step / STEPS - 1 : (double) step / STEPS;
    }

    @Test
    void idIsWordsInLowerCaseAndNoBuiltIns() {
        assertThat(colours().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(Arrays.stream(Colours.values()).map(Colours::id)).doesNotContain(colours().id());
    }

    @Test
    void isProvidedAsAService() {
        Provision.assertProvided(ColourMap.class, colours());
    }

    @Test
    void isListedForTheClassPathToo() throws IOException {
        Provision.assertListed(ColourMap.class, colours());
    }

    @Test
    void everyNumberHasAColour() {
        for (int i = 0; i <= STEPS; i++) {
            assertThat(colours().rgb(at(i))).as("at %s", at(i)).isBetween(0, 0xffffff);
        }
    }

    @Test
    void beyondTheEndsTheLastColourHolds() {
        double low = colours().isSigned() ? -1 : 0;
        assertThat(colours().rgb(7)).isEqualTo(colours().rgb(1));
        assertThat(colours().rgb(Double.POSITIVE_INFINITY)).isEqualTo(colours().rgb(1));
        assertThat(colours().rgb(-7)).isEqualTo(colours().rgb(low));
        assertThat(colours().rgb(Double.NEGATIVE_INFINITY)).isEqualTo(colours().rgb(low));
    }

    @Test
    void notANumberHasAColourToo() {
        assertThat(colours().rgb(Double.NaN)).isBetween(0, 0xffffff);
    }

    @Test
    void theEndsCanBeToldApart() {
        assertThat(colours().rgb(1)).isNotEqualTo(colours().rgb(colours().isSigned() ? -1 : 0));
        if (colours().isSigned()) {
            assertThat(colours().rgb(0)).isNotIn(colours().rgb(1), colours().rgb(-1));
        }
    }

    @Test
    void theSameNumberHasTheSameColour() {
        for (int i = 0; i <= STEPS; i++) {
            assertThat(colours().rgb(at(i))).as("at %s", at(i)).isEqualTo(colours().rgb(at(i)));
        }
    }
}
