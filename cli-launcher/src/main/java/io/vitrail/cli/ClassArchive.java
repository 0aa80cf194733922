package io.vitrail.cli;

import io.vitrail.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keep the classes that an explanation loads in a file from which later calls start faster.
 *
 * <p>The start script says which file, for one Java and one set of jars. Writing it is left to a
 * process of its own, which explains the demo's picture while Java lists what it loads, and then
 * has one more read that list into the archive. (What Java 17 can write while it runs leaves out
 * jars as old as picocli's, all that was loaded to be checked against, and most of what lambdas
 * become: a third of the classes.) Nobody waits for that process or hears of it, and nobody needs
 * the file.
 */
final class ClassArchive {
    /** Names the file to an ordinary call that found none. */
    private static final String WANTED = "vitrail.archive";

    /** Names the file to the process that writes it. */
    private static final String WRITTEN = "vitrail.archive.write";

    private static final String MAIN = "io.vitrail.cli/" + Main.class.getName();
    private static final String DEMO = ".demo";
    private static final String LIST = ".classes";

    /** A try that failed is not made again for a day; two calls at once make one. */
    private static final String TRIED = ".tried";

    private static final Duration AGAIN = Duration.ofDays(1);

    /** An archive of jars that are gone is never asked for again. */
    private static final Duration KEPT = Duration.ofDays(60);

    private ClassArchive() {}

    /** Do for the archive what this process was started to do; the last that is done. */
    static void keep() {
        String wanted = System.getProperty(WANTED, "");
        String written = System.getProperty(WRITTEN, "");
        try {
            if (!written.isEmpty()) {
                write(Path.of(written));
            } else if (!wanted.isEmpty()) {
                order(Path.of(wanted));
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            // the next start is as slow as this one was
        }
    }

    private static void order(Path file) throws IOException {
        String modules = System.getProperty("jdk.module.path", "");
        if (!modules.equals(Path.of(modules).toUri().getRawPath().replaceAll("/$", ""))) {
            return; // Java would look for its jars under the path as a URL spells it
        }
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        forget(folder, KEPT, ".jsa");
        forget(folder, AGAIN, TRIED);
        Files.createFile(beside(file, TRIED));
        run(
                command(
                        "-XX:DumpLoadedClassList=" + beside(file, LIST),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-D" + WRITTEN + "=" + file,
                        "-m",
                        MAIN,
                        "demo",
                        "-o",
                        beside(file, DEMO).toString()));
    }

    /** Return the words that call this Java with these jars. */
    private static List<String> command(String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "nice",
                                "-n",
                                "5",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+IgnoreUnrecognizedVMOptions",
                                "-Djava.awt.headless=true",
                                "-p",
                                System.getProperty("jdk.module.path", ""),
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(List.of(more));
        return command;
    }

    private static Process run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        return process;
    }

    /**
     * Return the further call, beside the demo, whose classes belong to the archive; empty in any
     * process but the one that lists them.
     */
    static List<String> call() {
        String written = System.getProperty(WRITTEN, "");
        if (written.isEmpty()) {
            return List.of();
        }
        Path demo = beside(Path.of(written), DEMO);
        DemoFiles files = DemoFiles.in(demo);
        return List.of(
                "explain",
                files.model().toString(),
                files.picture().toString(),
                "-l",
                Demo.LAYER,
                "-o",
                demo.resolve("maps").toString());
    }

    /** Java dies of an archive cut off, so that it is written beside and moved. */
    private static void write(Path file) throws IOException, InterruptedException {
        Path beside = beside(file, "." + ProcessHandle.current().pid());
        try {
            Process dump =
                    run(
                            command(
                                    "-Xshare:dump",
                                    "-XX:SharedClassListFile=" + beside(file, LIST),
                                    "-XX:SharedArchiveFile=" + beside,
                                    "-m", // nothing runs, but the modules are found
                                    MAIN));
            if (dump.waitFor() == 0) {
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(beside(file, TRIED));
            }
        } finally {
            Files.deleteIfExists(beside);
            Files.deleteIfExists(beside(file, LIST));
            forget(beside(file, DEMO).resolve("maps"), Duration.ZERO, "");
            forget(beside(file, DEMO), Duration.ZERO, "");
            Files.deleteIfExists(beside(file, DEMO));
        }
    }

    private static Path beside(Path file, String end) {
        return file.resolveSibling(file.getFileName() + end);
    }

    private static void forget(Path folder, Duration age, String end) throws IOException {
        Instant limit = Instant.now().minus(age);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(end)).toList();
        }
        for (Path file : files) {
            if (!Files.getLastModifiedTime(file).toInstant().isAfter(limit)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
