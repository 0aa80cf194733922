package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void eachKindOfErrorHasItsOwn() {
        assertThat(code(VitrailException.usage("x"))).isEqualTo(2);
        assertThat(code(VitrailException.model("x"))).isEqualTo(3);
        assertThat(code(VitrailException.input("x"))).isEqualTo(4);
        assertThat(code(VitrailException.failure("x"))).isEqualTo(5);
        assertThat(code(new EngineException("x"))).isEqualTo(5);
        assertThat(code(new OutOfMemoryError("x"))).isEqualTo(5);
        assertThat(code(new CancellationException("x"))).isEqualTo(130);
        assertThat(code(new IllegalStateException("x"))).isEqualTo(70);
        assertThat(code(new NoClassDefFoundError("x"))).isEqualTo(70);
    }

    @Test
    void aFailureIsSaidInItsOwnWords() {
        Captured call = failing(VitrailException.failure("m.pt: no rectifier\n  do: smooth=true"));

        assertThat(call.err()).isEqualTo("vitrail: m.pt: no rectifier\n  do: smooth=true\n");
        assertThat(call.code()).isEqualTo(5);
    }

    @Test
    void anErrorOfOursHidesItsTraceInAFile() throws Exception {
        Captured call = failing(new IllegalStateException("upside down"));

        assertThat(call.code()).isEqualTo(70);
        assertThat(call.err())
                .startsWith(
                        "vitrail: this is a bug of Vitrail, not of yours: java.lang.IllegalStateException: upside down\n  please report it with ")
                .doesNotContain("\tat ");
        Path trace = Path.of(call.err().strip().replaceAll("(?s).* ", ""));
        assertThat(Files.readString(trace)).contains("upside down", "\tat ");
        Files.delete(trace);
    }

    @Test
    void anErrorOfTheMachineIsNoBug() {
        Captured call = failing(new OutOfMemoryError("Java heap space"));

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err())
                .startsWith("vitrail: out of memory: Java heap space\n  do: a smaller --batch");
    }

    private static int code(Throwable thrown) {
        return ExitCode.of(thrown).number();
    }

    private static Captured failing(Throwable thrown) {
        return Captured.with(
                new AbstractModule() {
                    @Provides
                    Vitrail vitrail() throws Throwable {
                        throw thrown;
                    }
                },
                "methods");
    }
}
