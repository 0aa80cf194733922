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
import picocli.CommandLine.UnmatchedArgumentException;

/** Run a call and say how it ended. */
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
        CommandLine line = new CommandLine(VitrailCommand.class, new GuiceFactory(injector));
        line.setOut(writer(console.out()));
        line.setErr(writer(console.err()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setUsageHelpWidth(100);
        line.setExpandAtFiles(false); // @ is a letter in file names
        line.setParameterExceptionHandler((e, given) -> misspelt(e));
        line.setExecutionExceptionHandler((e, command, result) -> failed(e));
        try {
            return line.execute(arguments);
        } catch (Error e) { // picocli hands over exceptions only
            return failed(e);
        }
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int misspelt(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        StringBuilder text = new StringBuilder(name + ": " + e.getMessage());
        List<String> suggestions =
                e instanceof UnmatchedArgumentException unmatched
                        ? unmatched.getSuggestions()
                        : List.of();
        if (!suggestions.isEmpty()) {
            text.append("\n  nearest: ").append(String.join(", ", suggestions));
        }
        text.append("\n  all:     ").append(name).append(" --help");
        console.err().println(text);
        return ExitCode.USAGE.number();
    }

    private int failed(Throwable e) {
        Throwable thrown =
                e instanceof ProvisionException && e.getCause() != null ? e.getCause() : e;
        ExitCode code = ExitCode.of(thrown);
        switch (code) {
            case BUG -> console.err().println(bugs.of(thrown));
            case INTERRUPTED -> console.err().println("vitrail: interrupted");
            default -> console.err().println("vitrail: " + Failure.text(thrown));
        }
        return code.number();
    }
}
