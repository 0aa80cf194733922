package io.vitrail.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Name the files that are written, so that no two inputs meet and no name needs quoting.
 *
 * <p>The stem of an input is its path below the inputs' common folder, without extension. Inputs
 * whose stems clash keep their extension; should they clash even so, the later ones get {@code -2},
 * {@code -3}. Names depend on the inputs alone, not on what is done with them, or when. Of most
 * inputs no more than a fingerprint is held.
 */
final class OutputNames {
    private final Path common;
    private final Set<String> methods;
    private final Fingerprints stems = new Fingerprints();
    private final Fingerprints stemsOfArrays = new Fingerprints();
    private final Fingerprints clashing = new Fingerprints();
    private final Map<Path, String> numbered = new HashMap<>();

    /**
     * Look at all inputs.
     *
     * @param methods the words that follow a stem
     */
    OutputNames(Iterable<Path> inputs, List<String> methods) {
        this.common = commonFolder(inputs);
        this.methods = Set.copyOf(methods.stream().map(OutputNames::safe).toList());
        for (Path input : inputs) {
            String stem = stem(input, false);
            if (!stems.add(stem)) {
                clashing.add(stem);
            }
            if (InputFiles.isArray(input)) {
                stemsOfArrays.add(stem);
            }
        }
        number(inputs);
    }

    private void number(Iterable<Path> inputs) {
        Fingerprints taken = new Fingerprints();
        for (Path input : inputs) {
            String stem = stem(input, false);
            if (!clashes(stem)) {
                taken.add(stem);
            }
        }
        for (Path input : inputs) {
            if (clashes(stem(input, false))) {
                String kept = stem(input, true);
                String free = kept;
                for (int i = 2; !taken.add(free); i++) {
                    free = kept + "-" + i;
                }
                if (!free.equals(kept)) {
                    numbered.put(input, free);
                }
            }
        }
    }

    /** Return how the names of all files of an input begin, below the output folder. */
    String stem(Path input) {
        String free = numbered.get(input);
        if (free != null) {
            return free;
        }
        String stem = stem(input, false);
        return clashes(stem) ? stem(input, true) : stem;
    }

    /** What follows another input's stem may be what this one's begins with. */
    private boolean clashes(String stem) {
        if (clashing.contains(stem)) {
            return true;
        }
        for (int dot = stem.indexOf('.', stem.lastIndexOf('/') + 1);
                dot > 0;
                dot = stem.indexOf('.', dot + 1)) {
            String before = stem.substring(0, dot);
            String word = stem.substring(dot + 1).split("\\.", 2)[0];
            if (methods.contains(word) && stems.contains(before)
                    || word.matches("\\d+") && stemsOfArrays.contains(before)) {
                return true;
            }
        }
        return false;
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

    private String stem(Path input, boolean keepExtension) {
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

    private static Path commonFolder(Iterable<Path> inputs) {
        Path common = absolute(inputs.iterator().next()).getParent();
        for (Path input : inputs) {
            Path absolute = absolute(input);
            while (common != null && (!absolute.startsWith(common) || absolute.equals(common))) {
                common = common.getParent();
            }
        }
        return common;
    }

    private static Path absolute(Path input) {
        return input.toAbsolutePath().normalize();
    }
}
