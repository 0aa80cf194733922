package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** On a clock that stands still but for the work; times in milliseconds. */
class WarmUpTest {
    private long now;
    private int runs;
    private long compiled;

    private int runs(IntToLongFunction millisecondsOfRun) {
        return new WarmUp(() -> now, () -> compiled)
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
    void steadyWorkRunsWhileJavaCompiles() {
        int enough =
                runs(
                        run -> {
                            compiled += run < 300 ? 2 : 0; // 2 of 10 ms, until 3 s
                            return 10;
                        });

        assertThat(enough)
                .as("of n runs n / 4 count, of which n / 16 still compile: 3 n / 4 + n / 16 = 300")
                .isBetween(365, 375);
    }

    @Test
    void littleCompilingDoesNotHoldItUp() {
        assertThat(
                        runs(
                                run -> {
                                    compiled += run % 4 == 0 ? 1 : 0; // 1 of 40 ms
                                    return 10;
                                }))
                .isEqualTo(50);
    }

    @Test
    void nothingBeginsAfterFifteenSeconds() {
        assertThat(runs(run -> 16000)).isEqualTo(1);
        runs = 0;
        assertThat(runs(run -> 6000 - 600 * run)).isEqualTo(3);
        runs = 0;
        assertThat(
                        runs(
                                run -> {
                                    compiled += 100;
                                    return 100;
                                }))
                .isEqualTo(150);
    }
}
