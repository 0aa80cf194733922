package io.vitrail.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Name the files that are written, so that no two inputs meet and no name needs quoting. */
final class OutputNames {
    private OutputNames() {}

    /**
     * Return the stem of each input: its path below the inputs' common folder, without extension.
     *
     * <p>Inputs whose stems clash keep their extension; should they clash even so, the later ones
     * get {@code -2}, {@code -3}.
     */
    static Map<Path, String> stems(List<Path> inputs) {
        Path common = commonFolder(inputs);
        Map<String, List<Path>> byStem =
                inputs.stream()
                        .collect(
                                Collectors.groupingBy(
                                        input -> stem(common, input, false),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        Map<Path, String> stems = new HashMap<>();
        Set<String> taken = new HashSet<>();
        byStem.forEach(
                (stem, clashing) -> {
                    if (clashing.size() == 1) {
                        stems.put(clashing.get(0), stem);
                        taken.add(stem);
                    }
                });
        for (List<Path> clashing : byStem.values()) {
            if (clashing.size() > 1) {
                clashing.forEach(input -> stems.put(input, free(stem(common, input, true), taken)));
            }
        }
        return stems;
    }

    /** Return a name in which every character outside {@code [A-Za-z0-9._-]} is {@code _}. */
    static String safe(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Return the name, or the name with the first number that is free behind it; takes it. */
    static String free(String name, Set<String> taken) {
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private static String stem(Path common, Path input, boolean keepExtension) {
        List<String> parts = new ArrayList<>();
        common.relativize(absolute(input)).forEach(part -> parts.add(safe(part.toString())));
        int last = parts.size() - 1;
        String name = parts.get(last);
        int dot = name.lastIndexOf('.');
        if (!keepExtension && dot > 0) {
            parts.set(last, name.substring(0, dot));
        }
        return String.join("/", parts);
    }

    private static Path commonFolder(List<Path> inputs) {
        Path common = absolute(inputs.get(0)).getParent();
        for (Path input : inputs) {
            while (!absolute(input).startsWith(common) || absolute(input).equals(common)) {
                common = common.getParent();
            }
        }
        return common;
    }

    private static Path absolute(Path input) {
        return input.toAbsolutePath().normalize();
    }
}
