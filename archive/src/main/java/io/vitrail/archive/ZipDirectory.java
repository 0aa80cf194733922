package io.vitrail.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Read a zip archive through its central directory, over one memory map.
 *
 * <p>The JDK's own readers check neither names nor sizes nor sums, and give no slices; archives of
 * weights need all of that. Nothing is allocated on a claim of the file alone.
 */
public final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int MAX_INFLATED = 64 << 20; // code and pickles; tensors are stored

    /**
     * One file of the archive.
     *
     * @param stored whether its bytes lie there as they are, else they are deflated
     * @param packed how many bytes it takes in the archive
     * @param size how many bytes it holds
     * @param crc the CRC-32 of what it holds
     * @param header where its local header stands
     */
    public record Entry(
            String name, boolean stored, long packed, long size, long crc, long header) {}

    private final ByteBuffer map;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ZipDirectory(ByteBuffer map) {
        this.map = map;
    }

    /**
     * Check the directory of an archive.
     *
     * @param map the archive's bytes, from {@link FileMap}
     * @throws ArchiveRefusal if it is no archive, or says what cannot be
     */
    public static ZipDirectory of(ByteBuffer map) {
        ZipDirectory zip = new ZipDirectory(map.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        zip.readDirectory();
        return zip;
    }

    private void readDirectory() {
        int end = findEnd();
        long count = Short.toUnsignedInt(map.getShort(end + 10));
        long offset = Integer.toUnsignedLong(map.getInt(end + 16));
        if (end >= 20 && map.getInt(end - 20) == END64_LOCATOR) {
            long at = map.getLong(end - 20 + 8);
            if (at < 0 || at > map.limit() - 56L || map.getInt((int) at) != END64) {
                throw damaged("zip64 end record", "the archive is damaged");
            }
            count = map.getLong((int) at + 32);
            offset = map.getLong((int) at + 48);
        }
        long at = offset;
        for (long i = 0; i < count; i++) {
            at = readEntry(at, i);
        }
    }

    private int findEnd() {
        for (int at = map.limit() - 22; at >= Math.max(0, map.limit() - 22 - 65535); at--) {
            if (map.getInt(at) == END) {
                return at;
            }
        }
        throw new ArchiveRefusal(
                ArchiveRefusal.Kind.FOREIGN,
                "the end of the file",
                "it is cut short: a zip's end record is missing");
    }

    private long readEntry(long at, long number) {
        String place = "zip directory, entry " + number;
        if (at < 0 || at > map.limit() - 46L || map.getInt((int) at) != CENTRAL) {
            throw damaged(place, "the archive is damaged");
        }
        int p = (int) at;
        int method = Short.toUnsignedInt(map.getShort(p + 10));
        long crc = Integer.toUnsignedLong(map.getInt(p + 16));
        long packed = Integer.toUnsignedLong(map.getInt(p + 20));
        long size = Integer.toUnsignedLong(map.getInt(p + 24));
        int nameLength = Short.toUnsignedInt(map.getShort(p + 28));
        int extraLength = Short.toUnsignedInt(map.getShort(p + 30));
        int commentLength = Short.toUnsignedInt(map.getShort(p + 32));
        long header = Integer.toUnsignedLong(map.getInt(p + 42));
        long next = at + 46 + nameLength + extraLength + commentLength;
        if (next > map.limit()) {
            throw damaged(place, "the archive is damaged");
        }
        String name = text(p + 46, nameLength);
        place = "zip entry " + name;
        int extra = p + 46 + nameLength;
        int extraEnd = extra + extraLength;
        while (extra + 4 <= extraEnd) {
            int id = Short.toUnsignedInt(map.getShort(extra));
            int length = Short.toUnsignedInt(map.getShort(extra + 2));
            if (extra + 4 + length > extraEnd) {
                break;
            }
            if (id == 1) {
                int field = extra + 4;
                int fieldEnd = field + length;
                if (size == 0xFFFFFFFFL && field + 8 <= fieldEnd) {
                    size = map.getLong(field);
                    field += 8;
                }
                if (packed == 0xFFFFFFFFL && field + 8 <= fieldEnd) {
                    packed = map.getLong(field);
                    field += 8;
                }
                if (header == 0xFFFFFFFFL && field + 8 <= fieldEnd) {
                    header = map.getLong(field);
                }
            }
            extra += 4 + length;
        }
        checkName(name, place);
        if (method != 0 && method != 8) {
            throw damaged(place, "its compression method " + method + " is not known");
        }
        if (size < 0 || packed < 0 || packed > map.limit() || method == 0 && size != packed) {
            throw damaged(place, "it claims " + size + " bytes, more than the archive can hold");
        }
        if (header < 0 || header > map.limit() - 30L || map.getInt((int) header) != LOCAL) {
            throw damaged(place, "the archive is damaged: it points outside of the file");
        }
        Entry entry = new Entry(name, method == 0, packed, size, crc, header);
        if (dataOffset(entry) + packed > map.limit()) {
            throw damaged(place, "it claims " + packed + " bytes behind the end of the file");
        }
        if (entries.put(name, entry) != null) {
            throw damaged(place, "the archive has this entry twice");
        }
        return next;
    }

    private static void checkName(String name, String place) {
        boolean escapes = name.startsWith("/") || name.contains("\\") || name.contains("\0");
        for (String part : name.split("/", -1)) {
            escapes |= part.equals("..");
        }
        if (escapes) {
            throw new ArchiveRefusal(
                    ArchiveRefusal.Kind.HOSTILE, place, "its name leads out of the archive");
        }
    }

    private long dataOffset(Entry entry) {
        int header = (int) entry.header();
        return entry.header()
                + 30
                + Short.toUnsignedInt(map.getShort(header + 26))
                + Short.toUnsignedInt(map.getShort(header + 28));
    }

    private String text(int at, int length) {
        byte[] bytes = new byte[length];
        map.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Return the entries by name, in the directory's order. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** Return a slice of the map that holds a stored entry, its sum verified. */
    public ByteBuffer slice(Entry entry) {
        ByteBuffer slice = map.slice((int) dataOffset(entry), (int) entry.packed());
        if (entry.stored()) {
            verify(entry, slice);
        }
        return slice.rewind().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Return the bytes of a small entry, inflated if it is packed, its sum verified. */
    public byte[] bytes(Entry entry) {
        if (entry.stored()) {
            byte[] bytes = new byte[(int) entry.size()];
            slice(entry).get(bytes);
            return bytes;
        }
        String place = "zip entry " + entry.name();
        if (entry.size() > MAX_INFLATED || entry.size() > entry.packed() * 1032 + 64) {
            throw damaged(place, "it claims to grow to " + entry.size() + " bytes");
        }
        byte[] bytes = new byte[(int) entry.size()];
        inflate(entry, ByteBuffer.wrap(bytes));
        verify(entry, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /**
     * Return what an entry holds, its sum verified: a slice of the map, or inflated outside of the
     * heap if it is packed.
     *
     * <p>A packed entry is inflated twice, for its size is a claim until it was seen.
     */
    public ByteBuffer content(Entry entry) {
        if (entry.stored()) {
            return slice(entry);
        }
        if (entry.size() > Integer.MAX_VALUE) {
            throw damaged(
                    "zip entry " + entry.name(),
                    "it claims to grow to " + entry.size() + " bytes, more than 2 GiB");
        }
        inflate(entry, null);
        ByteBuffer content = ByteBuffer.allocateDirect((int) entry.size());
        inflate(entry, content);
        verify(entry, content.rewind());
        return content.rewind().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Inflate into a buffer, or see only whether the size is the claimed one. */
    private void inflate(Entry entry, @Nullable ByteBuffer target) {
        String place = "zip entry " + entry.name();
        ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(slice(entry));
            long read = 0;
            while (read <= entry.size()) {
                boolean rest = target == null || !target.hasRemaining();
                int more = inflater.inflate(rest ? scratch.clear() : target);
                if (more == 0) {
                    break;
                }
                read += more;
            }
            if (read != entry.size()) {
                throw damaged(place, "its size is not the one that it claims");
            }
        } catch (DataFormatException e) {
            throw damaged(place, "its compressed data are damaged");
        } finally {
            inflater.end();
        }
    }

    private static ArchiveRefusal damaged(String place, String what) {
        return new ArchiveRefusal(ArchiveRefusal.Kind.DAMAGED, place, what);
    }

    private static void verify(Entry entry, ByteBuffer bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        if (sum.getValue() != entry.crc()) {
            throw damaged(
                    "zip entry " + entry.name(),
                    "its checksum does not fit: the file was damaged on its way");
        }
    }
}
