package io.vitrail.runtime;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measure what stays of the memory that a method took.
 *
 * <p>Both numbers are of the whole process: nobody can tell whose an object is. So they are taken
 * before and after a method of many passes, whose arrays are closed by then, and only large growth
 * is worth a word. They err on the side of too little: of Java's heap what the last collection
 * found alive, of the rest what is resident beyond all that the heap may have touched meanwhile.
 *
 * @param alive bytes of the heap that the last collection found alive
 * @param used bytes of the heap in use
 * @param committed bytes of the heap that the system gave
 * @param resident bytes of the process in memory, 0 where the system does not say
 */
record Appetite(long alive, long used, long committed, long resident) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long GIBIBYTE = 1L << 30;

    /**
     * What is worth a word, in bytes.
     *
     * @param heap growth of Java's heap
     * @param natives growth of everything else
     */
    record Bounds(long heap, long natives) {
        /** A quarter of what Java may have, and a gibibyte, which no plan of the engine needs. */
        static Bounds usual() {
            return new Bounds(Runtime.getRuntime().maxMemory() / 4, GIBIBYTE);
        }
    }

    static Appetite now() {
        long alive = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && usage != null) {
                alive += usage.getUsed();
            }
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new Appetite(alive, heap.getUsed(), heap.getCommitted(), held());
    }

    /** Return the bytes of this process in memory, 0 where the system does not say. */
    static long held() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException e) {
            return 0; // not Linux
        }
        return 0;
    }

    /** Return what is to be said of the growth since then, if it is worth a word. */
    Optional<String> since(Appetite before, Bounds bounds) {
        List<String> grown = new ArrayList<>();
        if (alive - before.alive > bounds.heap) {
            grown.add(said(alive - before.alive) + " of Java's heap");
        }
        long natives = resident - before.resident - (committed - before.used);
        if (before.resident > 0 && natives > bounds.natives) {
            grown.add(said(natives) + " of native memory");
        }
        return grown.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", grown));
    }

    private static String said(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIBIBYTE);
    }
}
