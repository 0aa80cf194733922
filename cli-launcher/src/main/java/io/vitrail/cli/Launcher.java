package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/**
 * Run a call and say how it ended.
 *
 * <p>An error is a text on standard error; with {@code --json} it is also the document on standard
 * output, where a script looks for one.
 */
final class Launcher {
    private final Injector injector;
    private final Console console;
    private final BugReport bugs;

    @Inject
    Launcher(Injector injector, Console console, BugReport bugs) {
        this.injector = injector;
        this.console = console;
        this.bugs = bugs;
    }

    /** Run the command that the arguments name; return the exit code. */
    int run(String... arguments) {
        // a call that cannot be parsed has no options yet
        boolean json = List.of(arguments).contains("--json");
        CommandLine line = new CommandLine(VitrailCommand.class, new GuiceFactory(injector));
        line.setOut(writer(console.out()));
        line.setErr(writer(console.err()));
        Ansi ansi = console.outColoured() ? Ansi.ON : Ansi.OFF;
        line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        line.setUsageHelpWidth(100);
        line.setExpandAtFiles(false); // @ is a letter in file names
        line.setParameterExceptionHandler((e, given) -> misspelt(e, json));
        line.setExecutionExceptionHandler((e, command, result) -> failed(e, json));
        try {
            return printed(line.execute(arguments));
        } catch (Error e) { // picocli hands over exceptions only
            return failed(e, json);
        }
    }

    /** Results that nobody could read are not done. */
    private int printed(int code) {
        String problem = console.out().problem();
        if (problem.isEmpty()) {
            return code;
        }
        if (!console.out().left()) {
            console.error(
                    "vitrail",
                    "standard output: cannot be written: "
                            + problem
                            + "\n  do:  check where it goes, and the space there");
        }
        return code == ExitCode.DONE.number() ? ExitCode.FAILURE.number() : code;
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int misspelt(ParameterException e, boolean json) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        return said(name, ExitCode.USAGE, Misspelt.text(e), json);
    }

    private int failed(Throwable e, boolean json) {
        Throwable thrown =
                e instanceof ProvisionException && e.getCause() != null ? e.getCause() : e;
        ExitCode code = ExitCode.of(thrown);
        String text =
                switch (code) {
                    case BUG -> bugs.of(thrown);
                    case INTERRUPTED -> "interrupted";
                    default -> Failure.text(thrown);
                };
        return said("vitrail", code, text, json);
    }

    private int said(String who, ExitCode code, String text, boolean json) {
        console.error(who, text);
        if (json) {
            console.out().println(Json.text(Failure.facts(code, text)));
        }
        return code.number();
    }
}
