package io.vitrail.cli;

import io.vitrail.api.NearestNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Say what is wrong with a call that cannot be parsed, and what was probably meant. */
final class Misspelt {
    private Misspelt() {}

    static String text(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String all = "\n  all:     " + command.getCommandSpec().qualifiedName() + " --help";
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return e.getMessage() + all;
        }
        String word = unmatched.getUnmatched().get(0);
        if (word.startsWith("-")) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            List<String> options = new ArrayList<>();
            command.getCommandSpec()
                    .options()
                    .forEach(option -> options.addAll(Arrays.asList(option.names())));
            return "no option '" + name + "'" + nearest(name, options) + all;
        }
        if (!command.getSubcommands().isEmpty()) {
            Collection<String> commands = command.getSubcommands().keySet();
            return "no command '" + word + "'" + nearest(word, commands) + all;
        }
        return "'" + word + "' is one word too many" + all;
    }

    private static String nearest(String word, Collection<String> known) {
        List<String> nearest = NearestNames.of(word, known);
        return nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest);
    }
}
