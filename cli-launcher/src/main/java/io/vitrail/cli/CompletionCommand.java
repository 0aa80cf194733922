package io.vitrail.cli;

import com.google.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Print the script by which bash and zsh complete commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        optionListHeading = "%n",
        description = {
            "Print a script by which bash and zsh complete commands, options, methods and files.",
            "It knows the methods that are installed now: make it anew after a plugin."
        },
        footer = {
            "",
            "Examples:",
            "  source <(vitrail completion)                            bash, for this session",
            "  vitrail completion > ~/.local/share/bash-completion/completions/vitrail    for all",
            "  autoload -U +X bashcompinit && bashcompinit && source <(vitrail completion)    zsh"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    private final GlobalOptions global;
    private final Console console;

    @Inject
    CompletionCommand(GlobalOptions global, Console console) {
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        String script = AutoComplete.bash("vitrail", spec.root().commandLine());
        if (global.json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("shells", new String[] {"bash", "zsh"});
            facts.put("script", script);
            console.out().println(Json.text(facts));
        } else {
            console.out().print(script);
        }
        return ExitCode.DONE.number();
    }
}
