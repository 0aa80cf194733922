package io.vitrail.format.keras.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void whatNeverEndsIsRefused() {
        CountDownLatch never = new CountDownLatch(1);

        assertThatThrownBy(
                        () ->
                                Deadline.run(
                                        "endless.h5",
                                        1,
                                        () -> {
                                            never.await();
                                            return "read";
                                        }))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("endless.h5: it was not read within 1 seconds");
        never.countDown();
    }

    @Test
    void whatIsNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> Deadline.run("deep.h5", () -> nested(1)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("nested without end");
    }

    private static long nested(long depth) {
        return depth + nested(depth + 1);
    }

    @Test
    void aRefusalIsPassedOnAsItIs() {
        VitrailException refusal = VitrailException.model("no model");

        assertThatThrownBy(
                        () ->
                                Deadline.run(
                                        "net.h5",
                                        () -> {
                                            throw refusal;
                                        }))
                .isSameAs(refusal);
        assertThat(Deadline.run("net.h5", () -> 3)).isEqualTo(3);
    }
}
