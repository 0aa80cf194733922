package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class SpareMemoryTest {
    private final AtomicLong seconds = new AtomicLong(100);
    private final AtomicLong held = new AtomicLong(300);
    private final AtomicInteger given = new AtomicInteger();

    /** Trimming leaves so many mebibytes. */
    private SpareMemory leaving(long left, boolean possible) {
        return new SpareMemory(
                () -> seconds.get() * 1_000_000_000,
                () -> OptionalLong.of(held.get()),
                () -> {
                    given.incrementAndGet();
                    held.set(left);
                    return possible;
                });
    }

    private int givenAfter(SpareMemory spare, int more) {
        for (int i = 0; i < more; i++) {
            seconds.incrementAndGet();
            spare.giveBack();
        }
        return given.get();
    }

    @Test
    void whatGrewSinceTheFirstFiveSecondsIsGivenBackWithinFive() {
        SpareMemory spare = leaving(290, true);
        held.set(100);
        assertThat(givenAfter(spare, 4)).isZero();
        held.set(300); // what the start takes is no growth
        assertThat(givenAfter(spare, 6)).isZero();

        held.set(304);
        assertThat(givenAfter(spare, 10)).isZero();
        held.set(305);
        assertThat(givenAfter(spare, 4)).isZero();
        assertThat(givenAfter(spare, 1)).isEqualTo(1);
        held.set(304); // the first level still holds
        assertThat(givenAfter(spare, 10)).isEqualTo(1);
    }

    @Test
    void whatIsInUseIsNotAskedForAgainAndAgain() {
        SpareMemory spare = leaving(350, true);
        givenAfter(spare, 5);
        held.set(360);

        assertThat(givenAfter(spare, 100)).isEqualTo(1);
        held.set(355);
        assertThat(givenAfter(spare, 5)).isEqualTo(2);
    }

    @Test
    void whereJavaCannotItIsTriedOnce() {
        SpareMemory spare = leaving(400, false);
        givenAfter(spare, 5);
        held.set(400);

        givenAfter(spare, 10);
        held.set(500);
        assertThat(givenAfter(spare, 100)).isEqualTo(1);
    }

    @Test
    void thisJavaDoesItIfItSaysSo() throws Exception {
        boolean says =
                Arrays.stream(
                                ManagementFactory.getPlatformMBeanServer()
                                        .getMBeanInfo(
                                                new ObjectName(
                                                        "com.sun.management:type=DiagnosticCommand"))
                                        .getOperations())
                        .map(MBeanOperationInfo::getName)
                        .anyMatch("systemTrimNativeHeap"::equals);

        assertThat(SpareMemory.trim()).isEqualTo(says);
    }
}
