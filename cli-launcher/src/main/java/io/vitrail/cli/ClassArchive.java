package io.vitrail.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Write the classes that this process uses to a file from which the next one starts faster.
 *
 * <p>The start script chooses the file, for one Java and one set of jars; without its word nothing
 * is written. Nobody needs the file: where it cannot be written, nothing is said.
 */
final class ClassArchive {
    private static final String PROPERTY = "vitrail.archive";
    private static final String END = ".jsa";

    /** An archive of jars that are gone is never asked for again. */
    private static final Duration KEPT = Duration.ofDays(60);

    private ClassArchive() {}

    /** Write the archive that the start script asked for, if it did; the last that is done. */
    static void write() {
        String wanted = System.getProperty(PROPERTY, "");
        if (!wanted.isEmpty()) {
            System.setOut(new PrintStream(OutputStream.nullOutputStream())); // Java boasts there
            try {
                write(Path.of(wanted));
            } catch (IOException | JMException | RuntimeException e) {
                // the next start is as slow as this one was
            }
        }
    }

    /** Java dies of an archive cut off, so that it is written beside and moved. */
    static void write(Path file) throws IOException, JMException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path beside = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", beside.toString()}},
                            new String[] {String[].class.getName()});
            if (Files.exists(beside)) {
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
                forgetOld(folder, file);
            }
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void forgetOld(Path folder, Path fresh) throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(KEPT));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().contains(END)).toList();
        }
        for (Path file : files) {
            if (!file.equals(fresh) && Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                Files.deleteIfExists(file);
            }
        }
    }
}
