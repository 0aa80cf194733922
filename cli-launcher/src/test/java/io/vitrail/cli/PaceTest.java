package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is said while a run goes on, and sizes as a user types them. */
class PaceTest {
    private final AtomicLong nanos = new AtomicLong();

    private void pass(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void rateAndTimeLeftAreThoseSinceTheFirst() {
        Pace pace = new Pace(1000, nanos::get);
        pass(7); // the engine starts
        assertThat(pace.line(1)).isEqualTo("[1/1000]");
        pass(10);
        assertThat(pace.line(101)).isEqualTo("[101/1000] 10.0/s, 1:30 left");
        pass(10);
        assertThat(pace.line(401)).isEqualTo("[401/1000] 20.0/s, 30 s left");
    }

    @Test
    void whatAnEarlierRunDidDoesNotMakeThisOneFast() {
        Pace pace = new Pace(100_000, nanos::get);
        pace.line(50_000);
        pass(10);
        assertThat(pace.line(50_020)).isEqualTo("[50020/100000] 2.0/s, 6:56:30 left");
        assertThat(new Pace(3, nanos::get).line(3)).isEqualTo("[3/3]");
    }

    @Test
    void sizesOfMemoryAreThoseOfJava() {
        assertThat(MemorySize.parse("2g")).isEqualTo(2L << 30);
        assertThat(MemorySize.parse("512m")).isEqualTo(512L << 20);
        assertThat(MemorySize.parse("64 KiB".replace(" ", ""))).isEqualTo(64L << 10);
        assertThat(MemorySize.parse("1000")).isEqualTo(1000);
        for (String none : new String[] {"", "0", "2x", "-1g", "g", "99999999999g"}) {
            assertThatThrownBy(() -> MemorySize.parse(none))
                    .hasMessage("--memory " + none + ": not a size\n  example: --memory 2g, 512m");
        }
    }
}
