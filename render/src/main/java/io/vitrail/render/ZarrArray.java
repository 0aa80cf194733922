package io.vitrail.render;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers with a row for each item, in files of some rows each.
 *
 * <p>A file is as long as all its rows from the start, and a row is written at its place, so that
 * an item costs its own bytes only and nothing is held in memory. Rows without an item are {@link
 * ZarrRow#missing}; a file without any need not be there.
 */
final class ZarrArray {
    private static final Pattern CHUNK = Pattern.compile("(\\d{1,9})(?:\\.0)*");
    private static final int PORTION = 1 << 16;

    private final Path folder;
    private final ZarrRow row;
    private final int chunkRows;
    private int shown;

    ZarrArray(Path folder, ZarrRow row) {
        this.folder = folder;
        this.row = row;
        this.chunkRows = row.chunkRows();
    }

    /** Return what each item must have. */
    ZarrRow row() {
        return row;
    }

    void write(int n, NpyArray item) throws IOException {
        if (row.bytes() == 0) {
            return;
        }
        Path chunk = chunk(n / chunkRows);
        if (chunkRows == 1) {
            FileBeside.write(chunk, stream -> NpyData.writeNumbers(item, stream));
            return;
        }
        if (!Files.exists(chunk)) {
            FileBeside.write(chunk, stream -> missing(stream, chunkRows));
        }
        try (FileChannel channel = FileChannel.open(chunk, StandardOpenOption.WRITE)) {
            channel.position(n % chunkRows * row.bytes());
            NpyData.writeNumbers(item, Channels.newOutputStream(channel));
        }
    }

    /** Take an item out. */
    void clear(int n) throws IOException {
        Path chunk = chunk(n / chunkRows);
        if (row.bytes() == 0 || !Files.exists(chunk)) {
            return;
        }
        if (chunkRows == 1) {
            Files.delete(chunk);
            return;
        }
        try (FileChannel channel = FileChannel.open(chunk, StandardOpenOption.WRITE)) {
            channel.position(n % chunkRows * row.bytes());
            missing(Channels.newOutputStream(channel), 1);
        }
    }

    /** Return an item, with a first axis of size 1; null where none of its neighbours is there. */
    @Nullable NpyArray read(int n) throws IOException {
        Path chunk = chunk(n / chunkRows);
        if (row.bytes() == 0 || !Files.exists(chunk)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(chunk, StandardOpenOption.READ)) {
            channel.position(n % chunkRows * row.bytes());
            InputStream stream = new BufferedInputStream(Channels.newInputStream(channel));
            return NpyData.read(row.header(), stream, chunk.toString());
        }
    }

    /** Let readers see so many rows, and perhaps some more: not each item costs a file. */
    void commit(int rows) {
        if (rows > shown) {
            settle(ZarrTexts.roundedUp(rows));
        }
    }

    /** Say how many rows there are: what lies beyond is not there for readers. */
    void settle(int rows) {
        ZarrJson.write(folder.resolve(".zarray"), ZarrJson.numbers(row, rows));
        shown = rows;
    }

    /** Remove all rows from one on, those too that nobody was told of, and unfinished files. */
    void cut(int rows) throws IOException {
        int whole = rows / chunkRows;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = CHUNK.matcher(file.getFileName().toString());
                boolean beyond =
                        name.matches()
                                && (long) Integer.parseInt(name.group(1)) * chunkRows >= rows;
                if (beyond || FileBeside.isUnfinished(file)) {
                    Files.delete(file);
                }
            }
        }
        Path last = chunk(whole);
        if (rows % chunkRows != 0 && Files.exists(last)) {
            long length = chunkRows * row.bytes();
            try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
                channel.truncate(length);
                channel.position(rows % chunkRows * row.bytes());
                missing(Channels.newOutputStream(channel), chunkRows - rows % chunkRows);
            }
        }
        settle(rows);
    }

    private void missing(OutputStream stream, int rows) throws IOException {
        byte[] one = row.missing();
        long left = rows * row.bytes();
        byte[] portion = new byte[(int) Math.min(left, PORTION)]; // of whole elements both
        for (int i = 0; i < portion.length; i++) {
            portion[i] = one[i % one.length];
        }
        for (; left > 0; left -= PORTION) {
            stream.write(portion, 0, (int) Math.min(left, PORTION));
        }
    }

    private Path chunk(int number) {
        return folder.resolve(number + ".0".repeat(row.shape().size()));
    }
}
