package io.vitrail.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Measure what this process still holds after a collection, for tests that nothing stays. */
public final class Footprint {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private Footprint() {}

    /** Collect garbage until references and cleaners have had their turns. */
    public static void collect() {
        for (int i = 0; i < 4; i++) {
            System.gc();
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Return the bytes that classes take, after a collection. */
    public static long metaspace() {
        collect();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .findFirst()
                .orElseThrow()
                .getUsed();
    }

    /** Return whether open files can be counted here: on Linux. */
    public static boolean countsFiles() {
        return Files.isDirectory(OPEN_FILES);
    }

    /** Return the number of open files, sockets and pipes, after a collection. */
    public static long openFiles() {
        collect();
        try (Stream<Path> all = Files.list(OPEN_FILES)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
