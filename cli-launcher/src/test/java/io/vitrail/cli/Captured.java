package io.vitrail.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A call of the command line within this process, and what it printed.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Captured(int code, String out, String err) {

    /** Run a call without input. */
    static Captured run(String... arguments) {
        return with(binder -> {}, arguments);
    }

    /** Run a call with some bindings replaced. */
    static Captured with(Module replaced, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Captured call = printing(out, replaced, arguments);
        return new Captured(call.code, out.toString(StandardCharsets.UTF_8), call.err);
    }

    /** Run a call whose standard output goes elsewhere. */
    static Captured printingTo(OutputStream out, String... arguments) {
        return printing(out, binder -> {}, arguments);
    }

    private static Captured printing(OutputStream out, Module replaced, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new ResultStream(out),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Console.Watched.NOBODY);
        Module streams =
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Console.class).toInstance(console);
                        // whatever whoever runs the tests has installed
                        bind(PluginSources.class)
                                .toInstance(
                                        new PluginSources(
                                                Path.of("target/no-plugins"),
                                                false,
                                                Optional.of(Path.of("target/plugin-cache")),
                                                Optional.empty()));
                    }
                };
        Module all = Modules.override(Modules.override(new Wiring()).with(streams)).with(replaced);
        int code = Guice.createInjector(all).getInstance(Launcher.class).run(arguments);
        return new Captured(code, "", err.toString(StandardCharsets.UTF_8));
    }
}
