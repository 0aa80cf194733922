package io.vitrail.engine.djl.torchscript;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Read a zip archive through its central directory, over one memory map.
 *
 * <p>The JDK's own readers check neither names nor sizes nor sums, and give no slices; torch's
 * archives need all of that. Nothing is allocated on a claim of the file alone.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int MAX_INFLATED = 64 << 20; // code and pickles; tensors are stored

    /** One file of the archive. */
    record Entry(String name, boolean stored, long packed, long size, long crc, long header) {}

    private final ByteBuffer map;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ZipDirectory(ByteBuffer map) {
        this.map = map;
    }

    /** Map a file and check its directory. */
    static ZipDirectory open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return open(channel, FileChannel.MapMode.PRIVATE);
        } catch (java.nio.file.FileSystemException e) { // not ours to write: read-only is enough
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return open(channel, FileChannel.MapMode.READ_ONLY);
            }
        }
    }

    private static ZipDirectory open(FileChannel channel, FileChannel.MapMode mode)
            throws IOException {
        long size = channel.size();
        if (size == 0) {
            throw Refusal.at("byte 0", "the file is empty");
        }
        if (size > Integer.MAX_VALUE) {
            throw Refusal.at(
                    "its size of " + size + " bytes",
                    "files beyond 2 GiB are not read",
                    "save the model in half precision, or in parts");
        }
        MappedByteBuffer map = channel.map(mode, 0, size);
        ZipDirectory zip = new ZipDirectory(map.order(ByteOrder.LITTLE_ENDIAN));
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
                throw Refusal.at("zip64 end record", "the archive is damaged");
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
        throw Refusal.at(
                "the end of the file",
                map.get(0) == (byte) 0x80
                        ? "this is a pickle: what torch.save wrote before torch 1.6, weights or a"
                                + " module, not TorchScript"
                        : "this is no TorchScript archive, or it is cut short: a zip's end record"
                                + " is missing");
    }

    private long readEntry(long at, long number) {
        String place = "zip directory, entry " + number;
        if (at < 0 || at > map.limit() - 46L || map.getInt((int) at) != CENTRAL) {
            throw Refusal.at(place, "the archive is damaged");
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
            throw Refusal.at(place, "the archive is damaged");
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
            throw Refusal.at(place, "its compression method " + method + " is not known");
        }
        if (size < 0 || packed < 0 || packed > map.limit() || method == 0 && size != packed) {
            throw Refusal.at(place, "it claims " + size + " bytes, more than the archive can hold");
        }
        if (header < 0 || header > map.limit() - 30L || map.getInt((int) header) != LOCAL) {
            throw Refusal.at(place, "the archive is damaged: it points outside of the file");
        }
        Entry entry = new Entry(name, method == 0, packed, size, crc, header);
        if (dataOffset(entry) + packed > map.limit()) {
            throw Refusal.at(place, "it claims " + packed + " bytes behind the end of the file");
        }
        if (entries.put(name, entry) != null) {
            throw Refusal.at(place, "the archive has this entry twice");
        }
        return next;
    }

    private static void checkName(String name, String place) {
        boolean escapes = name.startsWith("/") || name.contains("\\") || name.contains("\0");
        for (String part : name.split("/", -1)) {
            escapes |= part.equals("..");
        }
        if (escapes) {
            throw Refusal.at(
                    place,
                    "its name leads out of the archive",
                    "do not trust this file; ask its author for one that torch wrote");
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
    Map<String, Entry> entries() {
        return entries;
    }

    /** Return a slice of the map that holds a stored entry, its sum verified. */
    ByteBuffer slice(Entry entry) {
        ByteBuffer slice = map.slice((int) dataOffset(entry), (int) entry.packed());
        if (entry.stored()) {
            verify(entry, slice);
        }
        return slice.rewind().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Return the bytes of a small entry, inflated if it is packed, its sum verified. */
    byte[] bytes(Entry entry) {
        if (entry.stored()) {
            byte[] bytes = new byte[(int) entry.size()];
            slice(entry).get(bytes);
            return bytes;
        }
        String place = "zip entry " + entry.name();
        if (entry.size() > MAX_INFLATED || entry.size() > entry.packed() * 1032 + 64) {
            throw Refusal.at(place, "it claims to grow to " + entry.size() + " bytes");
        }
        byte[] bytes = new byte[(int) entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(slice(entry));
            int read = 0;
            while (read < bytes.length) {
                int more = inflater.inflate(bytes, read, bytes.length - read);
                if (more == 0) {
                    break;
                }
                read += more;
            }
            if (read != bytes.length || inflater.inflate(new byte[1]) != 0) {
                throw Refusal.at(place, "its size is not the one that it claims");
            }
        } catch (DataFormatException e) {
            throw Refusal.at(place, "its compressed data are damaged");
        } finally {
            inflater.end();
        }
        verify(entry, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static void verify(Entry entry, ByteBuffer bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        if (sum.getValue() != entry.crc()) {
            throw Refusal.at(
                    "zip entry " + entry.name(),
                    "its checksum does not fit: the file was damaged on its way",
                    "copy the file again from where it came from");
        }
    }
}
