package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Find the files that the INPUT words of a call stand for. */
final class InputFiles {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final Set<String> ARRAYS = Set.of("npy", "npz");

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
     * exist is listed: reading it fails, and the others go on.
     *
     * @throws VitrailException of kind {@code INPUT} if a list cannot be read, or a folder or a
     *     glob stands for nothing
     */
    List<Path> find(List<String> words) {
        PathList found = new PathList();
        for (String word : words) {
            if (word.equals("-")) {
                names(console.in()).forEach(name -> found.addAll(named(name, Path.of(""))));
            } else {
                found.addAll(named(word, Path.of("")));
            }
        }
        if (found.isEmpty()) {
            throw VitrailException.input("no input: " + String.join(" ", words) + " names no file");
        }
        return found.complete();
    }

    /** Return whether a file holds an array rather than a picture, by its name. */
    static boolean isArray(Path file) {
        return ARRAYS.contains(extension(file));
    }

    /** Return what follows the last dot of a file's name, in lower case. */
    static String extension(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static List<Path> named(String name, Path listFolder) {
        Path file = path(name);
        if (!Files.exists(file) && Files.exists(listFolder.resolve(name))) {
            file = listFolder.resolve(name);
        }
        if (Files.isDirectory(file)) {
            return inFolder(file);
        }
        if (Files.exists(file) && extension(file).equals("txt")) {
            return listed(file);
        }
        if (!Files.exists(file) && isGlob(name)) {
            return matching(name);
        }
        return List.of(file);
    }

    /** Names in a list hold from the working directory, else from the list's own folder. */
    private static List<Path> listed(Path list) {
        List<Path> found = new ArrayList<>();
        Path folder = list.toAbsolutePath().getParent();
        try (var in = Files.newInputStream(list)) {
            for (String name : names(in)) {
                if (extension(path(name)).equals("txt")) {
                    throw VitrailException.input(list + ": names another list, '" + name + "'");
                }
                found.addAll(named(name, folder));
            }
        } catch (IOException e) {
            throw VitrailException.input(list + ": cannot be read: " + FileProblem.said(e));
        }
        if (found.isEmpty()) {
            throw VitrailException.input(list + ": an empty list\n  a list has one name a line");
        }
        return found;
    }

    private static List<String> names(java.io.InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static List<Path> inFolder(Path folder) {
        List<Path> found =
                walk(folder, file -> PICTURES.contains(extension(file)) || isArray(file));
        if (found.isEmpty()) {
            throw VitrailException.input(
                    folder
                            + ": no pictures or arrays in this folder\n  known: png, jpg, jpeg, gif, bmp, npy, npz");
        }
        return found;
    }

    private static boolean isGlob(String name) {
        return name.contains("*") || name.contains("?") || name.contains("[") || name.contains("{");
    }

    private static List<Path> matching(String glob) {
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
        List<Path> found = Files.isDirectory(start) ? walk(start, matcher::matches) : List.of();
        if (found.isEmpty()) {
            throw VitrailException.input(glob + ": no file fits this glob");
        }
        return found;
    }

    /**
     * Walk files in the order of their names; hidden ones and results of ours are passed by, links
     * followed. A folder that cannot be listed, or is a link in a circle, comes itself.
     */
    private static List<Path> walk(Path folder, Predicate<Path> wanted) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    folder,
                    Set.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes a)
                                throws IOException {
                            boolean pass =
                                    !at.equals(folder)
                                            && (Files.isHidden(at)
                                                    || Files.exists(at.resolve(RunRecord.FILE))
                                                    || Files.exists(at.resolve(Journal.FILE)));
                            return pass ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                                throws IOException {
                            if (!a.isDirectory() && !Files.isHidden(file) && wanted.test(file)) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            found.add(file); // reading it will fail, and say why
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path at, @Nullable IOException e) {
                            if (e != null) {
                                found.add(at);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw VitrailException.input(folder + ": cannot be listed: " + FileProblem.said(e));
        }
        found.sort(null);
        return found;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw VitrailException.input("'" + name + "': not a file name: " + e.getReason());
        }
    }
}
