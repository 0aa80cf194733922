package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Module;
import io.vitrail.cli.Console.Watched;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Colours and progress are for terminals. */
class ConsoleTest {
    private static final String ESCAPE = "\u001b[";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aTerminalGetsColours() {
        run(new Watched(true, true, true), "layers", "nope.pt");
        run(new Watched(true, true, true), "--help");

        assertThat(err.toString()).startsWith("\u001b[1;31mvitrail:\u001b[0m nope.pt: no such");
        assertThat(out.toString()).contains(ESCAPE);
    }

    @Test
    void noColorAndFilesGetNone() {
        run(new Watched(true, true, false), "layers", "nope.pt");
        run(new Watched(true, true, false), "--help");
        run(new Watched(false, false, true), "layers", "nope.pt");
        run(new Watched(false, false, true), "--help");

        assertThat(err.toString() + out).doesNotContain(ESCAPE);
    }

    @Test
    void coloursFollowTheEnvironment() {
        assertThat(Watched.coloured(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Watched.coloured(Map.of("TERM", "xterm", "NO_COLOR", ""))).isTrue();
        assertThat(Watched.coloured(Map.of("TERM", "xterm", "NO_COLOR", "1"))).isFalse();
        assertThat(Watched.coloured(Map.of("TERM", "dumb"))).isFalse();
        assertThat(Watched.coloured(Map.of())).isFalse();
    }

    @Test
    void progressIsDrawnOnATerminalUnlessItIsToBeQuiet() {
        String[] call = {"predict", DemoModel.model(), DemoModel.picture().toString(), "no.png"};

        run(new Watched(false, true, false), call);
        assertThat(err.toString()).contains("\r[1/2] ");
        err.reset();

        run(new Watched(false, false, false), call);
        assertThat(err.toString()).startsWith("vitrail: no.png: ").doesNotContain("\r");
        err.reset();

        run(new Watched(false, true, false), "--quiet", call[0], call[1], call[2], call[3]);
        assertThat(err.toString()).startsWith("vitrail: no.png: ").doesNotContain("\r");
    }

    @Test
    void aNameDoesNotSteerTheTerminal() {
        run(Watched.NOBODY, "layers", "a\u001b[2Jb.pt");

        assertThat(err.toString()).startsWith("vitrail: a?[2Jb.pt: no such file\n");
    }

    private void run(Watched watched, String... call) {
        Console console =
                new Console(
                        InputStream.nullInputStream(),
                        new ResultStream(out),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        watched);
        Module replaced =
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Console.class).toInstance(console);
                    }
                };
        Captured.with(replaced, call);
    }
}
