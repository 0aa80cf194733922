package io.vitrail.spark;

import ai.djl.engine.EngineException;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import io.vitrail.runtime.Explained;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * The rows of items, batch by batch, as they are asked for.
 *
 * <p>Never more than one batch in memory, and no item is looked at before its batch comes.
 */
final class RowsOfBatches implements Iterator<Row> {
    private final Iterator<Row> items;
    private final int batch;
    private final Function<List<Supplier<Picture>>, Explained> explain;
    private final Queue<Row> ready = new ArrayDeque<>();

    /**
     * @param explain pictures as one batch; throws for all what is wrong with one
     */
    RowsOfBatches(
            Iterator<Row> items, int batch, Function<List<Supplier<Picture>>, Explained> explain) {
        this.items = items;
        this.batch = batch;
        this.explain = explain;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && items.hasNext()) {
            List<Item> next = new ArrayList<>();
            while (next.size() < batch && items.hasNext()) {
                next.add(new Item(items.next()));
            }
            explained(next).values().forEach(ready::addAll);
        }
        return !ready.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** Return the rows of each item, in order. */
    private Map<Item, List<Row>> explained(List<Item> asked) {
        Map<Item, List<Row>> rows = new LinkedHashMap<>();
        asked.forEach(item -> rows.put(item, List.of()));
        try {
            Explained all = explain.apply(asked.stream().map(Item::later).toList());
            for (int n = 0; n < asked.size(); n++) {
                rows.put(
                        asked.get(n),
                        ResultRows.of(
                                asked.get(n).path(), all.item(n), all.seconds() / asked.size()));
            }
        } catch (VitrailException | EngineException e) {
            if (isOfTheCall(e)) {
                throw e;
            }
            if (asked.size() == 1) {
                rows.put(asked.get(0), List.of(ResultRows.failed(asked.get(0).path(), e)));
            } else {
                parts(asked).forEach(part -> rows.putAll(explained(part)));
            }
        }
        return rows;
    }

    /** Return whether every item would fail like this: the job is wrong, not the picture. */
    private static boolean isOfTheCall(RuntimeException e) {
        return e instanceof VitrailException known
                && (known.kind() == VitrailException.Kind.USAGE
                        || known.kind() == VitrailException.Kind.MODEL);
    }

    /**
     * Part a batch that failed: what cannot be read stands alone, the rest stays together if it
     * can.
     */
    private static List<List<Item>> parts(List<Item> asked) {
        List<Item> sound = asked.stream().filter(Item::isReadable).toList();
        if (sound.size() == asked.size()) {
            return asked.stream().map(List::of).toList();
        }
        Stream<List<Item>> broken =
                asked.stream().filter(item -> !sound.contains(item)).map(List::of);
        return (sound.isEmpty() ? broken : Stream.concat(Stream.of(sound), broken)).toList();
    }
}
