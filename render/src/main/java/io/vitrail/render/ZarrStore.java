package io.vitrail.render;

import io.vitrail.api.VitrailException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keep the arrays of many items in one folder, which Python opens with {@code zarr.open(DIR)}.
 *
 * <p>Each key is an array with the items as first axis, {@code name} says which item a row is:
 *
 * <pre>
 * try (ZarrStore store = ZarrStore.open(Path.of("heat.zarr"))) {
 *     store.put("dog.png", Map.of("grad-cam", NpyArray.of(heat)), Map.of("label", "tabby"));
 *     store.commit();
 * }
 * </pre>
 *
 * <p>An item whose name is there already is replaced. An item without an array has NaN in its row
 * (-1 in whole numbers). The first item of a key says which shape and type its rows have; an item
 * with another lies alone, at {@code items/ROW/KEY}, and has NaN in the common array. Keys are
 * paths; what is not {@code [A-Za-z0-9._-]} becomes {@code _} there, and the attributes of the
 * store map keys to paths.
 *
 * <p>Nothing of an item stays in memory but 16 bytes at most, whatever its size, and texts of 256
 * items. Readers see what was committed: as many rows as {@code name} has, while other arrays may
 * be longer until the store is closed. A store that was not closed, for its program was killed,
 * loses what was not committed, and only that: the next {@link #open} removes it. The arrays are
 * not compressed, so that a row can be written at its place, in files of about 4 MiB. Format
 * version 2, which every reader knows. Safe for several threads; one program at a time.
 *
 * @see <a href="https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html">the format</a>
 */
public final class ZarrStore implements Closeable {
    private static final String NAME = "name";
    private static final Path LOCK = Path.of(NAME, ".lock"); // where no reader looks for arrays

    private final Path root;
    private final ZarrLayout layout;
    private final FileChannel lock;
    private final Map<String, ZarrArray> arrays = new LinkedHashMap<>();
    private final Map<String, ZarrTexts> texts = new LinkedHashMap<>();
    private final ZarrTexts names;
    private final ZarrAlone alone;
    private RowIndex index = new RowIndex();
    private int rows;

    private ZarrStore(Path root, ZarrLayout layout, FileChannel lock) throws IOException {
        this.root = root;
        this.layout = layout;
        this.lock = lock;
        this.alone = new ZarrAlone(root);
        Path folder = layout.text(NAME, its -> new ZarrTexts(its).settle(0));
        rows = ZarrJson.textRows(folder.resolve(".zarray"), ZarrTexts.CHUNK_ROWS);
        names = new ZarrTexts(folder);
        for (String key : layout.texts()) {
            texts.put(key, key.equals(NAME) ? names : new ZarrTexts(layout.text(key, its -> {})));
        }
        for (String key : layout.arrays()) {
            Path place = layout.array(key, its -> {});
            arrays.put(key, new ZarrArray(place, ZarrJson.row(place.resolve(".zarray"))));
        }
        cut();
        for (int row = 0; row < rows; row++) {
            index.add(names.get(row), row);
        }
    }

    /**
     * Open a store to go on with it, or start one where there is none.
     *
     * @throws VitrailException of kind usage if another program has it open, or the folder holds
     *     other things; of kind input if it is damaged; {@link UnwrittenException} if it cannot be
     *     written
     */
    public static ZarrStore open(Path folder) {
        try {
            if (!ZarrLayout.isStore(folder) && !ZarrLock.isFree(folder, LOCK)) {
                throw VitrailException.usage(
                        folder + ": holds other things than a store\n  do:  name another folder");
            }
            FileChannel lock = ZarrLock.of(folder, LOCK);
            try {
                boolean there = ZarrLayout.isStore(folder);
                return new ZarrStore(
                        folder, there ? ZarrLayout.read(folder) : ZarrLayout.create(folder), lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UnwrittenException(folder, e);
        } catch (UncheckedIOException e) {
            throw new UnwrittenException(folder, e.getCause());
        }
    }

    /** Start a store anew; one that is there already loses all its items. */
    public static ZarrStore create(Path folder) {
        ZarrStore store = open(folder);
        try {
            store.clear();
            return store;
        } catch (IOException e) {
            store.unlock();
            throw new UnwrittenException(folder, e);
        }
    }

    /** Return the number of items. */
    public synchronized int rows() {
        return rows;
    }

    /** Return the keys of the arrays of numbers, in the order in which they came. */
    public synchronized List<String> keys() {
        return List.copyOf(arrays.keySet());
    }

    /** Return the row of an item; -1 if there is none. */
    public synchronized int row(String name) {
        return index.find(name, row -> text(NAME, row).equals(name));
    }

    /** Return what was noted of all items; see the other form. */
    public synchronized Map<String, String> about() {
        return layout.about();
    }

    /**
     * Note what all items have in common, such as the model, in the attributes of the store, in
     * place of what was noted before.
     */
    public synchronized void about(Map<String, String> facts) {
        layout.about(facts);
    }

    /**
     * Put an item in, in place of an older one of this name.
     *
     * <p>Not there for readers before {@link #commit}.
     *
     * @param arrays by key; a first axis of size 1 is the item's and left out
     * @param said texts by key, such as its label
     * @return the row
     * @throws UnwrittenException if it cannot be written; the item is then not there, or, if it was
     *     to be replaced, neither the old one nor the new
     */
    public synchronized int put(
            String name, Map<String, NpyArray> arrays, Map<String, String> said) {
        int known = row(name);
        int row = known < 0 ? rows : known;
        try {
            alone.clear(row);
            for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
                put(row, entry.getKey(), entry.getValue());
            }
            for (Map.Entry<String, ZarrArray> entry : this.arrays.entrySet()) {
                if (!arrays.containsKey(entry.getKey())) {
                    entry.getValue().clear(row);
                }
            }
            for (String key : said.keySet()) {
                textArray(key);
            }
            for (Map.Entry<String, ZarrTexts> entry : texts.entrySet()) {
                String text = said.getOrDefault(entry.getKey(), "");
                entry.getValue().set(row, entry.getKey().equals(NAME) ? name : text);
            }
        } catch (IOException e) {
            throw new UnwrittenException(root, e);
        }
        if (known < 0) {
            index.add(name, row);
            rows++;
        }
        return row;
    }

    private void put(int row, String key, NpyArray item) throws IOException {
        ZarrRow shape = ZarrRow.of(item);
        ZarrArray array = arrays.get(key);
        if (array == null) {
            Path folder = layout.array(key, its -> new ZarrArray(its, shape).settle(rows));
            array = new ZarrArray(folder, shape);
            arrays.put(key, array);
        }
        if (array.row().equals(shape)) {
            array.write(row, item);
        } else {
            array.clear(row);
            alone.write(row, layout.place(key), item);
        }
    }

    private void textArray(String key) {
        if (!texts.containsKey(key)) {
            Path folder = layout.text(key, its -> new ZarrTexts(its).settle(rows));
            texts.put(key, new ZarrTexts(folder));
        }
    }

    /**
     * Return an array of an item, with a first axis of size 1.
     *
     * <p>Empty where the item has none; or of NaN, where its neighbours have one. Of another shape
     * than those of other items where it lies alone.
     *
     * @throws VitrailException of kind input if it is damaged
     */
    public synchronized Optional<NpyArray> read(String key, int row) {
        ZarrArray array = arrays.get(key);
        if (array == null || row < 0 || row >= rows) {
            return Optional.empty();
        }
        try {
            NpyArray own = alone.read(row, layout.place(key));
            return Optional.ofNullable(own != null ? own : array.read(row));
        } catch (IOException e) {
            throw Npy.unreadable(root + ": '" + key + "', row " + row, e);
        }
    }

    /**
     * Return a text of an item: {@code name}, or one that it was put with; empty if it has none.
     */
    public synchronized String text(String key, int row) {
        ZarrTexts array = texts.get(key);
        try {
            return array == null ? "" : array.get(row);
        } catch (IOException e) {
            throw Npy.unreadable(root + ": '" + key + "', row " + row, e);
        }
    }

    /**
     * Let readers see all items; they outlive the end of this program from now on.
     *
     * @throws UnwrittenException if that cannot be written
     */
    public synchronized void commit() {
        texts.values().forEach(ZarrTexts::save);
        arrays.values().forEach(array -> array.commit(rows));
        texts.values().stream().filter(text -> text != names).forEach(text -> text.commit(rows));
        names.settle(rows); // the last: it says how many there are
    }

    private void settle() {
        commit();
        arrays.values().forEach(array -> array.settle(rows));
        texts.values().stream().filter(text -> text != names).forEach(text -> text.settle(rows));
    }

    /** Remove what was not committed. */
    private void cut() throws IOException {
        for (ZarrArray array : arrays.values()) {
            array.cut(rows);
        }
        for (ZarrTexts text : texts.values()) {
            text.cut(rows);
        }
        alone.cut(rows);
    }

    private void clear() throws IOException {
        rows = 0;
        index = new RowIndex();
        names.cut(0);
        arrays.clear();
        texts.keySet().removeIf(key -> !key.equals(NAME));
        for (Path folder : layout.clear(NAME)) {
            ZarrAlone.delete(folder);
        }
        alone.clear();
    }

    /** Commit, and let others write. */
    @Override
    public synchronized void close() {
        if (lock.isOpen()) {
            try {
                settle();
            } finally {
                unlock();
            }
        }
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UnwrittenException(root, e);
        }
    }
}
