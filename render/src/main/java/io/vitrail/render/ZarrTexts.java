package io.vitrail.render;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * An array of texts with a row for each item, in files of 256 rows each, written anew when a row of
 * theirs is.
 */
final class ZarrTexts {
    static final int CHUNK_ROWS = 256;
    private static final int MAX_BYTES = 64 << 20;

    private final Path folder;
    private Chunk written = new Chunk(-1, new String[0]);
    private Chunk seen = written;
    private boolean changed;
    private int shown;

    /** The rows of one file. */
    private record Chunk(int number, String[] texts) {}

    ZarrTexts(Path folder) {
        this.folder = folder;
    }

    void set(int n, String text) throws IOException {
        if (written.number != n / CHUNK_ROWS) {
            save();
            written = read(n / CHUNK_ROWS);
            seen = written;
        }
        if (!written.texts[n % CHUNK_ROWS].equals(text)) {
            written.texts[n % CHUNK_ROWS] = text;
            changed = true;
        }
    }

    /** Return a text; empty where there is none. */
    String get(int n) throws IOException {
        int number = n / CHUNK_ROWS;
        if (written.number == number) {
            return written.texts[n % CHUNK_ROWS];
        }
        if (seen.number != number) {
            seen = read(number);
        }
        return seen.texts[n % CHUNK_ROWS];
    }

    /** Write what is in memory only; readers see it with {@link #commit}. */
    void save() {
        if (!changed) {
            return;
        }
        byte[][] encoded = new byte[CHUNK_ROWS][];
        int length = 4;
        for (int i = 0; i < CHUNK_ROWS; i++) {
            encoded[i] = written.texts[i].getBytes(StandardCharsets.UTF_8);
            length = Math.addExact(length, 4 + encoded[i].length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(CHUNK_ROWS);
        for (byte[] text : encoded) {
            bytes.putInt(text.length).put(text);
        }
        FileBeside.write(file(written.number), stream -> stream.write(bytes.array()));
        changed = false;
    }

    /** Let readers see so many rows, and perhaps some more: not each item costs a file. */
    void commit(int rows) {
        if (rows > shown) {
            settle(roundedUp(rows));
        }
    }

    /** Return a number of rows that whole files of texts have. */
    static int roundedUp(int rows) {
        return (rows + CHUNK_ROWS - 1) / CHUNK_ROWS * CHUNK_ROWS;
    }

    /** Say how many rows there are: what lies beyond is not there for readers. */
    void settle(int rows) {
        ZarrJson.write(folder.resolve(".zarray"), ZarrJson.texts(rows, CHUNK_ROWS));
        shown = rows;
    }

    /** Remove all rows from one on, those too that nobody was told of, and unfinished files. */
    void cut(int rows) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                boolean beyond =
                        name.matches("\\d{1,9}")
                                && (long) Integer.parseInt(name) * CHUNK_ROWS >= rows;
                if (beyond || FileBeside.isUnfinished(file)) {
                    Files.delete(file);
                }
            }
        }
        written = read(rows / CHUNK_ROWS);
        seen = written;
        for (int i = rows % CHUNK_ROWS; i < CHUNK_ROWS; i++) {
            changed |= !written.texts[i].isEmpty();
            written.texts[i] = "";
        }
        save();
        settle(rows);
    }

    private Path file(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private Chunk read(int number) throws IOException {
        String[] texts = new String[CHUNK_ROWS];
        Arrays.fill(texts, "");
        Path file = file(number);
        if (!Files.exists(file)) {
            return new Chunk(number, texts);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw ZarrJson.damaged(file, "larger than any that Vitrail writes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (bytes.getInt() != CHUNK_ROWS) {
                throw ZarrJson.damaged(file, "not " + CHUNK_ROWS + " texts");
            }
            for (int i = 0; i < CHUNK_ROWS; i++) {
                int length = bytes.getInt();
                if (length < 0 || length > bytes.remaining()) {
                    throw new BufferUnderflowException();
                }
                byte[] text = new byte[length];
                bytes.get(text);
                texts[i] = new String(text, StandardCharsets.UTF_8);
            }
        } catch (BufferUnderflowException e) {
            throw ZarrJson.damaged(file, "cut off");
        }
        return new Chunk(number, texts);
    }
}
