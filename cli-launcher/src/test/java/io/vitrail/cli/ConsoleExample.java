package io.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command of a page of the documentation and what the page says that it prints.
 *
 * @param line where it stands in the page, from 1
 * @param command without the prompt
 * @param printed the lines up to the next prompt; {@code ...} stands for anything, alone for any
 *     lines
 */
record ConsoleExample(int line, String command, List<String> printed) {
    /** Asks for the exit code of the command before. */
    static final String CODE = "echo $?";

    private static final String PROMPT = "$ ";

    /** Read the examples of a page: every prompt in a {@code console} block. */
    static List<ConsoleExample> in(Path page) throws IOException {
        List<String> lines = Files.readAllLines(page);
        List<ConsoleExample> examples = new ArrayList<>();
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith(PROMPT)) {
                examples.add(
                        new ConsoleExample(
                                i + 1, line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (inside) {
                examples.get(examples.size() - 1).printed.add(line);
            }
        }
        return examples;
    }

    /** Return the pattern of what is printed; runs of blanks count as one. */
    Pattern pattern() {
        return Pattern.compile(
                printed.stream().map(ConsoleExample::regex).collect(Collectors.joining()));
    }

    private static String regex(String line) {
        if (line.strip().equals("...")) {
            return "(?:.*\n)*";
        }
        return Pattern.compile("...", Pattern.LITERAL)
                        .splitAsStream(unpadded(line))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"))
                + (line.endsWith("...") ? ".*\n" : "\n");
    }

    /** Columns of a table are as wide as the names in it, which are longer in a test's folder. */
    static String unpadded(String line) {
        return line.replaceAll("[ \t]+", " ").stripTrailing();
    }
}
