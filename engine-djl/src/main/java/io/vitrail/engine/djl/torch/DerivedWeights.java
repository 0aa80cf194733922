package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The derived weights of a model, kept for as long as a plan reads them.
 *
 * <p>oneDNN's orders are made for an input's size, so every size brings its own: as large again as
 * the stored kernels for the way forward, and once more for the way back. Three sizes or so may
 * stay.
 */
final class DerivedWeights {
    private static final class Held {
        final NDArray array;
        final long bytes;
        int plans;

        Held(NDArray array) {
            this.array = array;
            this.bytes = array.size() * Float.BYTES;
        }
    }

    private static final int TIMES = 6; // forward and back of three sizes

    private final Weights weights;
    private final long room;
    private final Map<Derived, Held> held = new HashMap<>();

    /**
     * Create it.
     *
     * @param room bytes that are not too many in any case
     */
    DerivedWeights(Weights weights, long room) {
        this.weights = weights;
        this.room = room;
    }

    /** Return whether they take more memory than several times that of what they are made of. */
    synchronized boolean isCrowded() {
        long bytes = 0;
        Map<Parameter, Long> sources = new IdentityHashMap<>();
        for (Map.Entry<Derived, Held> one : held.entrySet()) {
            bytes += one.getValue().bytes;
            for (Parameter source : one.getKey().sources()) {
                sources.put(source, source.shape().size() * Float.BYTES);
            }
        }
        long made = sources.values().stream().mapToLong(Long::longValue).sum();
        return bytes > Math.max(room, TIMES * made);
    }

    /** Return arrays in the order asked for, there until they are {@link #release released}. */
    synchronized NDList lease(List<Derived> wanted) {
        Map<Derived, NDArray> stored = new HashMap<>();
        wanted.stream()
                .filter(Derived::isStored)
                .forEach(one -> stored.put(one, weights.get(one.sources().get(0))));
        List<Derived> missing =
                wanted.stream()
                        .filter(one -> !one.isStored() && !held.containsKey(one))
                        .distinct()
                        .toList();
        if (!missing.isEmpty()) {
            make(missing);
        }
        NDList arrays = new NDList(wanted.size());
        for (Derived one : wanted) {
            if (one.isStored()) {
                arrays.add(stored.get(one));
            } else {
                Held mine = held.get(one);
                mine.plans++;
                arrays.add(mine.array);
            }
        }
        return arrays;
    }

    /** Give back what a lease returned. */
    synchronized void release(Collection<Derived> leased) {
        for (Derived one : leased) {
            Held mine = held.get(one);
            if (mine != null && --mine.plans == 0) {
                held.remove(one);
                mine.array.close();
            }
        }
    }

    /** All in one call: a script a weight would take longer to compile than to run. */
    private void make(List<Derived> missing) {
        Map<Parameter, Integer> places = new IdentityHashMap<>();
        StringBuilder body = new StringBuilder();
        List<String> results = new ArrayList<>();
        List<Parameter> read = new ArrayList<>();
        for (Derived one : missing) {
            String own = "d" + results.size() + "_";
            for (int l = 0; l < one.lines().size(); l++) {
                String line = one.lines().get(l).replace("%", own);
                for (int s = 0; s < one.sources().size(); s++) {
                    Parameter source = one.sources().get(s);
                    Integer place = places.get(source);
                    if (place == null) {
                        place = read.size();
                        places.put(source, place);
                        read.add(source);
                    }
                    line = line.replace("$" + s, "x[" + place + "]");
                }
                boolean last = l == one.lines().size() - 1;
                body.append(last ? own + " = " + line : line).append('\n');
            }
            results.add(own);
        }
        body.append("return [").append(String.join(", ", results)).append("]");
        try (NDManager work = weights.calls().newManager(weights.manager().getDevice());
                Script script = Script.compile(work, body.toString(), false, weights.calls())) {
            NDList x = new NDList();
            read.forEach(source -> x.add(weights.borrow(source, work)));
            NDList made = GradMode.off(() -> script.run(x, new NDList()));
            made.attach(weights.manager());
            for (int i = 0; i < missing.size(); i++) {
                NDScope.unregister(made.get(i)); // it outlives a scope that its maker is in
                held.put(missing.get(i), new Held(made.get(i)));
            }
        }
    }
}
