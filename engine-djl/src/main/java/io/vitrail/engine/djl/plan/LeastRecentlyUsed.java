package io.vitrail.engine.djl.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keep the values that were used last, and hand those that leave to somebody who frees them. */
public final class LeastRecentlyUsed<K, V> {
    private final int capacity;
    private final Consumer<V> leaves;
    private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    public LeastRecentlyUsed(int capacity, Consumer<V> leaves) {
        this.capacity = capacity;
        this.leaves = leaves;
    }

    public synchronized @Nullable V get(K key) {
        return entries.get(key);
    }

    /**
     * Put a value unless there is one, which is returned in its place; once closed, the value
     * leaves at once.
     */
    public V putIfAbsent(K key, V value) {
        V evicted = null;
        V kept;
        synchronized (this) {
            V known = entries.get(key);
            kept = known == null ? value : known;
            if (closed) {
                evicted = value;
            } else if (known == null) {
                entries.put(key, value);
                if (entries.size() > capacity) {
                    K eldest = entries.keySet().iterator().next();
                    evicted = entries.remove(eldest);
                }
            } else {
                evicted = value;
            }
        }
        if (evicted != null) {
            leaves.accept(evicted);
        }
        return kept;
    }

    /** Return the values, that which was used longest ago first; none of them counts as used. */
    public synchronized List<V> eldestFirst() {
        return new ArrayList<>(entries.values());
    }

    /** Let all values leave. */
    public void clear() {
        List<V> all;
        synchronized (this) {
            all = new ArrayList<>(entries.values());
            entries.clear();
        }
        all.forEach(leaves);
    }

    /** Let all values leave, and whatever comes later. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        clear();
    }
}
