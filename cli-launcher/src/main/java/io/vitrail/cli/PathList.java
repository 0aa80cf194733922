package io.vitrail.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Paths, each once, in a list that a million of them fit into: their names and 8 bytes each.
 *
 * <p>A path that its name does not bring back, for the locale cannot spell it, is held itself.
 */
final class PathList extends AbstractList<Path> implements RandomAccess {
    private static final int PAGE = 1 << 16;

    /** Marks a place that is none of a name, but one among the paths that are held. */
    private static final long HELD = 1L << 62;

    private LineIndex known = new LineIndex();
    private final List<Path> held = new ArrayList<>();
    private byte[][] pages = new byte[0][];
    private long[] places = new long[64]; // page, offset and length of a name: 16 bits the latter
    private int size;
    private int used = PAGE;

    /** Add a path if it is not there; return whether it was not. */
    @Override
    public boolean add(Path path) {
        String key = NamedInput.key(path);
        long place = known.get(key);
        if (place >= 0 && at(place).equals(path)) {
            return false;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
        }
        places[size] = placed(path);
        known.put(key, places[size]);
        size++;
        return true;
    }

    private long placed(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PAGE || !path.equals(FileSystems.getDefault().getPath(spoken(name)))) {
            held.add(path);
            return HELD | held.size() - 1;
        }
        if (used + name.length >= PAGE) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = new byte[PAGE];
            used = 0;
        }
        System.arraycopy(name, 0, pages[pages.length - 1], used, name.length);
        long place = ((pages.length - 1L) * PAGE + used) * PAGE + name.length;
        used += name.length;
        return place;
    }

    /** Put the paths from an index on in the order of their names. */
    void sortFrom(int index) {
        long[] sorted =
                Arrays.stream(places, index, size)
                        .boxed()
                        .sorted(this::compare)
                        .mapToLong(Long::longValue)
                        .toArray();
        System.arraycopy(sorted, 0, places, index, sorted.length);
    }

    private int compare(long one, long other) {
        if (((one | other) & HELD) != 0) {
            return at(one).compareTo(at(other));
        }
        return Arrays.compareUnsigned(
                page(one),
                offset(one),
                offset(one) + length(one),
                page(other),
                offset(other),
                offset(other) + length(other));
    }

    /** Let go of what only {@link #add} needs. */
    PathList complete() {
        known = new LineIndex();
        return this;
    }

    private static String spoken(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    private byte[] page(long place) {
        return pages[(int) (place / PAGE / PAGE)];
    }

    private static int offset(long place) {
        return (int) (place / PAGE % PAGE);
    }

    private static int length(long place) {
        return (int) (place % PAGE);
    }

    private Path at(long place) {
        if ((place & HELD) != 0) {
            return held.get((int) (place ^ HELD));
        }
        return Path.of(
                new String(page(place), offset(place), length(place), StandardCharsets.UTF_8));
    }

    @Override
    public Path get(int index) {
        return at(places[Objects.checkIndex(index, size)]);
    }

    @Override
    public int size() {
        return size;
    }
}
