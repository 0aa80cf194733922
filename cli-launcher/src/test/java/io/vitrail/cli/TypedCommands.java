package io.vitrail.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Run commands as if somebody typed them in a folder; those of ours within this process. */
final class TypedCommands {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern FILE =
            Pattern.compile("[^:=]+\\.(pt|h5|keras|onnx|png|npy|npz|csv|txt|json)");
    private static final Set<String> BEFORE_PATHS =
            Set.of("-o", "--output", "--labels", "--plugins");
    private static final Map<String, String> FOLDERS =
            Map.of("explain", "vitrail-out", "demo", "vitrail-demo");

    private final Path folder;
    private int code;

    TypedCommands(Path folder) {
        this.folder = folder;
    }

    /** Return the exit code of the last command. */
    int code() {
        return code;
    }

    /** Run a command and return the lines that it printed, errors first. */
    String type(String command) throws IOException, InterruptedException {
        String text;
        if (command.equals(ConsoleExample.CODE)) {
            text = code + "\n";
            code = 0;
        } else if (command.startsWith("vitrail ")) {
            Captured call = Captured.run(arguments(command));
            code = call.code();
            text = call.err() + call.out();
        } else {
            Process shell =
                    new ProcessBuilder("sh", "-c", command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
            shell.getOutputStream().close();
            text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            code = shell.waitFor();
        }
        return text.replace(folder + "/", "")
                .lines()
                .map(line -> ConsoleExample.unpadded(line) + "\n")
                .collect(Collectors.joining());
    }

    /** A process cannot change its folder: names of files become absolute. */
    private String[] arguments(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.substring("vitrail ".length()));
        while (matcher.find()) {
            String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            String before = words.isEmpty() ? "" : words.get(words.size() - 1);
            words.add(isPath(before, word) ? folder + "/" + word : word);
        }
        String usual = FOLDERS.get(words.get(0));
        if (usual != null && !words.contains("-o") && !words.contains("--help")) {
            words.addAll(List.of("-o", folder + "/" + usual));
        }
        return words.toArray(String[]::new);
    }

    private boolean isPath(String before, String word) {
        return BEFORE_PATHS.contains(before)
                || FILE.matcher(word).matches()
                || !before.isEmpty() && !before.startsWith("-") && isFolder(word);
    }

    private boolean isFolder(String word) {
        return !word.startsWith("-") && Files.isDirectory(folder.resolve(word));
    }
}
