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

/** The derived weights of a model, kept for as long as a plan reads them. */
final class DerivedWeights {
    private static final class Held {
        final NDArray array;
        int plans;

        Held(NDArray array) {
            this.array = array;
        }
    }

    private final Weights weights;
    private final Map<Derived, Held> held = new HashMap<>();

    DerivedWeights(Weights weights) {
        this.weights = weights;
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
        NDList x = new NDList();
        StringBuilder body = new StringBuilder();
        List<String> results = new ArrayList<>();
        for (Derived one : missing) {
            String own = "d" + results.size() + "_";
            for (int l = 0; l < one.lines().size(); l++) {
                String line = one.lines().get(l).replace("%", own);
                for (int s = 0; s < one.sources().size(); s++) {
                    Parameter source = one.sources().get(s);
                    Integer place = places.get(source);
                    if (place == null) {
                        place = x.size();
                        places.put(source, place);
                        x.add(weights.get(source));
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
            NDList made = GradMode.off(() -> script.run(x, new NDList()));
            made.attach(weights.manager());
            for (int i = 0; i < missing.size(); i++) {
                NDScope.unregister(made.get(i)); // it outlives a scope that its maker is in
                held.put(missing.get(i), new Held(made.get(i)));
            }
        }
    }
}
