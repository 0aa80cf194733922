package io.vitrail.cli;

import io.vitrail.render.NpyArray;
import io.vitrail.render.ZarrStore;
import io.vitrail.runtime.Explained;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * Keep something of all inputs in one store, a row for each item.
 *
 * <p>Written through: what was taken outlives the end of the process.
 */
final class StoreSink implements ItemSink {
    /** The folder of the store of all arrays, in the folder of results. */
    static final String FOLDER = "vitrail.zarr";

    private final ZarrStore store;
    private final Function<Explained, Map<String, NpyArray>> kept;

    private StoreSink(ZarrStore store, Function<Explained, Map<String, NpyArray>> kept) {
        this.store = store;
        this.kept = kept;
    }

    /**
     * Begin a store, or go on with one.
     *
     * @param resume whether to keep what is there, if it was made by the same call
     * @param about tells the call from others
     * @param kept what is kept of one item
     */
    static StoreSink of(
            Path folder,
            boolean resume,
            Map<String, String> about,
            Function<Explained, Map<String, NpyArray>> kept) {
        ZarrStore store = resume ? ZarrStore.open(folder) : ZarrStore.create(folder);
        if (!store.about().equals(about)) {
            store.close();
            store = ZarrStore.create(folder);
            store.about(about);
        }
        return new StoreSink(store, kept);
    }

    /** Return the store, to be read. */
    ZarrStore store() {
        return store;
    }

    @Override
    public void take(FinishedItem item) {
        Explained all = item.explained();
        for (int n = 0; n < all.items(); n++) {
            Explained one = ItemArrays.item(all, n);
            store.put(
                    ItemArrays.name(item.input(), n, all.items()),
                    kept.apply(one),
                    ItemArrays.labels(one));
        }
        store.commit(); // once: of an input all items are there, or none
    }

    @Override
    public boolean has(Path input) {
        return store.row(ItemArrays.name(input, 0, 1)) >= 0
                || store.row(ItemArrays.name(input, 0, 2)) >= 0;
    }

    @Override
    public void close() {
        store.close();
    }
}
