package io.vitrail.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Paths, each once, in a list that a million of them fit into: their names and 8 bytes each.
 *
 * <p>A path that its name does not bring back, for the locale cannot spell it, is held itself.
 */
final class PathList extends AbstractList<Path> implements RandomAccess {
    private static final int PAGE = 1 << 16;

    private LineIndex known = new LineIndex();
    private final Map<Integer, Path> unspeakable = new HashMap<>();
    private byte[][] pages = new byte[0][];
    private int[] places = new int[64]; // page and offset, for 2^16 pages of 2^16 bytes
    private int[] lengths = new int[64];
    private int size;
    private int used = PAGE;

    /** Add a path if it is not there; return whether it was not. */
    @Override
    public boolean add(Path path) {
        String key = NamedInput.key(path);
        long place = known.get(key);
        if (place >= 0 && get((int) place).equals(path)) {
            return false;
        }
        known.put(key, size);
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PAGE || !path.equals(FileSystems.getDefault().getPath(spoken(name)))) {
            unspeakable.put(size, path);
            name = new byte[0];
        }
        if (used + name.length >= PAGE) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = new byte[PAGE];
            used = 0;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        System.arraycopy(name, 0, pages[pages.length - 1], used, name.length);
        places[size] = pages.length - 1 << 16 | used;
        lengths[size] = name.length;
        used += name.length;
        size++;
        return true;
    }

    /** Let go of what only {@link #add} needs. */
    PathList complete() {
        known = new LineIndex();
        return this;
    }

    private static String spoken(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    @Override
    public Path get(int index) {
        Path held = unspeakable.get(Objects.checkIndex(index, size));
        if (held != null) {
            return held;
        }
        int offset = places[index] & PAGE - 1;
        String name =
                new String(
                        pages[places[index] >>> 16],
                        offset,
                        lengths[index],
                        StandardCharsets.UTF_8);
        return Path.of(name);
    }

    @Override
    public int size() {
        return size;
    }
}
