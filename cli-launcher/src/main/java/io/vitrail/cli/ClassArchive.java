package io.vitrail.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Keep the classes that an explanation loads in a file from which later calls start faster.
 *
 * <p>The start script says which file, for one Java and one set of jars. Writing it is left to a
 * process of its own, which explains the demo's picture: Java 17 records what it loads only when
 * told so at its start, and then dies of a path with a space, or of a full disk. Nobody waits for
 * that process or hears of it, and nobody needs the file.
 */
final class ClassArchive {
    /** Names the file to an ordinary call that found none. */
    private static final String WANTED = "vitrail.archive";

    /** Names the file to the process that writes it. */
    private static final String WRITTEN = "vitrail.archive.write";

    private static final String DEMO = ".demo";

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
        } catch (IOException | JMException | RuntimeException e) {
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
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(
                        "nice",
                        "-n",
                        "5",
                        java,
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:+RecordDynamicDumpInfo",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.awt.headless=true",
                        "-D" + WRITTEN + "=" + file,
                        "-p",
                        modules,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-m",
                        "io.vitrail.cli/" + Main.class.getName(),
                        "demo",
                        "-o",
                        beside(file, DEMO).toString());
        new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getOutputStream()
                .close();
    }

    /** Java dies of an archive cut off, so that it is written beside and moved. */
    private static void write(Path file) throws IOException, JMException {
        Path beside = beside(file, "." + ProcessHandle.current().pid());
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", beside.toString()}},
                            new String[] {String[].class.getName()});
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(beside(file, TRIED));
        } finally {
            Files.deleteIfExists(beside);
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
