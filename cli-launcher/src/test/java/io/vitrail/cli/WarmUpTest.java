package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** On a clock that stands still but for the work; times in milliseconds. */
class WarmUpTest {
    private long now;
    private int runs;

    private int runs(IntToLongFunction millisecondsOfRun) {
        return new WarmUp(() -> now)
                .of(() -> now += 1_000_000 * millisecondsOfRun.applyAsLong(runs++));
    }

    @Test
    void steadyWorkRunsForHalfASecond() {
        assertThat(runs(run -> 10)).isEqualTo(50);
    }

    @Test
    void workThatGetsFasterRunsUntilItDoesNot() {
        // 10 ms from run 100 on, which the middle of the last quarter but one reaches at run 160
        int enough = runs(run -> run < 100 ? 30 - run / 5 : 10);

        assertThat(enough).isBetween(150, 175);
    }

    @Test
    void slowWorkRunsThreeTimes() {
        assertThat(runs(run -> 1000)).isEqualTo(3);
    }

    @Test
    void nothingBeginsAfterFiveSeconds() {
        assertThat(runs(run -> 6000)).isEqualTo(1);
        runs = 0;
        assertThat(runs(run -> 2000 - 100 * run)).isEqualTo(3);
        runs = 0;
        assertThat(runs(run -> Math.max(1, 500 - 25 * run))).isLessThan(100);
    }
}
