package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class SpareMemoryTest {
    private final AtomicLong seconds = new AtomicLong(100);
    private final AtomicInteger given = new AtomicInteger();

    private int givenAfter(SpareMemory spare, int more) {
        for (int i = 0; i < more; i++) {
            seconds.incrementAndGet();
            spare.giveBack();
        }
        return given.get();
    }

    @Test
    void itIsGivenBackEveryFiveSecondsAndNotAtTheStart() {
        SpareMemory spare =
                new SpareMemory(
                        () -> seconds.get() * 1_000_000_000, () -> given.incrementAndGet() > 0);
        spare.giveBack();

        assertThat(givenAfter(spare, 4)).isZero();
        assertThat(givenAfter(spare, 1)).isEqualTo(1);
        assertThat(givenAfter(spare, 4)).isEqualTo(1);
        assertThat(givenAfter(spare, 26)).isEqualTo(7);
    }

    @Test
    void whereJavaCannotItIsTriedOnce() {
        SpareMemory spare =
                new SpareMemory(
                        () -> seconds.get() * 1_000_000_000, () -> given.incrementAndGet() < 0);

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
