package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Find the files that the INPUT words of a call stand for. */
final class InputFiles {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final Set<String> ARRAYS = Set.of("npy", "npz", "csv");

    private final Console console;

    @Inject
    InputFiles(Console console) {
        this.console = console;
    }

    /**
     * List the files, each once, in the order of the words; those of a folder or a glob by name.
     *
     * <p>A word is a file, a folder (its pictures and arrays, also in folders below), a list of
     * names ({@code .txt}), a glob, or {@code -} for names on standard input. A file that does not
     * exist is listed: reading it fails, and the others go on. What earlier runs wrote is left out
     * and counted, but for a file that is named alone.
     *
     * @throws VitrailException of kind {@code INPUT} if a list cannot be read, or a folder or a
     *     glob stands for nothing
     */
    List<Path> find(List<String> words, EarlierResults earlier) {
        Search search = new Search(new PathList(), earlier, words.size() == 1);
        for (String word : words) {
            if (word.equals("-")) {
                names(console.in(), name -> search.many().named(name, Path.of("")));
            } else {
                search.named(word, Path.of(""));
            }
        }
        if (search.found().isEmpty()) {
            throw VitrailException.input(
                    "no input: "
                            + String.join(" ", words)
                            + " names no file"
                            + search.butResults());
        }
        return search.found().complete();
    }

    /** Return whether a file holds arrays rather than a picture, by its name. */
    static boolean isArray(Path file) {
        return ARRAYS.contains(extension(file));
    }

    /** Return what follows the last dot of a file's name, in lower case. */
    static String extension(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static void names(InputStream in, Consumer<String> each) {
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(each);
    }

    private static boolean isGlob(String name) {
        return name.contains("*") || name.contains("?") || name.contains("[") || name.contains("{");
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw VitrailException.input("'" + name + "': not a file name: " + e.getReason());
        }
    }

    /**
     * What the words of one call stand for.
     *
     * @param alone whether there is one word only
     */
    private record Search(PathList found, EarlierResults earlier, boolean alone) {
        Search many() {
            return new Search(found, earlier, false);
        }

        void named(String name, Path listFolder) {
            Path file = path(name);
            if (!Files.exists(file) && Files.exists(listFolder.resolve(name))) {
                file = listFolder.resolve(name);
            }
            if (Files.isDirectory(file)) {
                inFolder(file);
            } else if (Files.exists(file) && extension(file).equals("txt")) {
                listed(file);
            } else if (!Files.exists(file) && isGlob(name)) {
                matching(name);
            } else if (!alone && earlier.includes(file)) {
                earlier.leaveOut(file.toAbsolutePath().getParent());
            } else {
                found.add(file);
            }
        }

        /** Names in a list hold from the working directory, else from the list's own folder. */
        private void listed(Path list) {
            Path folder = list.toAbsolutePath().getParent();
            AtomicLong count = new AtomicLong();
            try (InputStream in = Files.newInputStream(list)) {
                names(
                        in,
                        name -> {
                            if (extension(path(name)).equals("txt")) {
                                throw VitrailException.input(
                                        list + ": names another list, '" + name + "'");
                            }
                            many().named(name, folder);
                            count.incrementAndGet();
                        });
            } catch (IOException e) {
                throw unread(list, e);
            } catch (UncheckedIOException e) {
                throw unread(list, e.getCause());
            }
            if (count.get() == 0) {
                throw VitrailException.input(
                        list + ": an empty list\n  a list has one name a line");
            }
        }

        private static VitrailException unread(Path list, IOException e) {
            return VitrailException.input(list + ": cannot be read: " + FileProblem.said(e));
        }

        private void inFolder(Path folder) {
            Predicate<Path> known = file -> PICTURES.contains(extension(file)) || isArray(file);
            if (FolderWalk.of(folder, known, found, earlier) == 0) {
                throw VitrailException.input(
                        folder
                                + ": no pictures or arrays in this folder"
                                + butResults()
                                + "\n  known: png, jpg, jpeg, gif, bmp, npy, npz, csv");
            }
        }

        private void matching(String glob) {
            int special = 0;
            while ("*?[{".indexOf(glob.charAt(special)) < 0) {
                special++;
            }
            Path start = path(glob.substring(0, glob.lastIndexOf('/', special) + 1));
            PathMatcher matcher;
            try {
                matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
            } catch (IllegalArgumentException e) {
                throw VitrailException.input(glob + ": not a glob: " + e.getMessage());
            }
            if (!Files.isDirectory(start)
                    || FolderWalk.of(start, matcher::matches, found, earlier) == 0) {
                throw VitrailException.input(glob + ": no file fits this glob" + butResults());
            }
        }

        private String butResults() {
            return earlier.said().map(said -> "\n  " + said).orElse("");
        }
    }
}
