package io.vitrail.cli;

import com.google.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Hold the commands together; without one it prints the help. */
@Command(
        name = "vitrail",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        optionListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            ExplainCommand.class,
            PredictCommand.class,
            LayersCommand.class,
            MethodsCommand.class,
            PluginsCommand.class,
            DoctorCommand.class,
            SidecarCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = "Show what a neural network looked at, without a change to the network.",
        footer = {
            "",
            "Examples:",
            "  vitrail demo",
            "  vitrail layers resnet50.pt",
            "  vitrail explain resnet50.pt dog.jpg --preprocess torch,crop --labels imagenet.txt",
            "  vitrail COMMAND --help",
            "",
            "With --json each command prints one JSON document; an error is {\"error\": {\"kind\", \"exitCode\",",
            "\"message\"}} there, and a text on standard error as ever. Colours and progress are for terminals",
            "only; NO_COLOR=1 turns colours off.",
            "",
            "Exit codes: 0 done, 2 wrong usage, 3 model refused, 4 input refused, 5 method or engine",
            "failed, 6 some of many inputs failed, 70 a bug, 130 interrupted."
        })
final class VitrailCommand implements Callable<Integer> {
    @Mixin private GlobalOptions options;

    @Spec private CommandSpec spec;

    private final Console console;

    @Inject
    VitrailCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Ansi ansi = console.errColoured() ? Ansi.ON : Ansi.OFF;
        spec.commandLine().usage(console.err(), ansi);
        if (options.json) {
            console.out().println(Json.text(Failure.facts(ExitCode.USAGE, "no command is given")));
        }
        return ExitCode.USAGE.number();
    }
}
