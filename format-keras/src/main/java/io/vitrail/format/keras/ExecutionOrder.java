package io.vitrail.format.keras;

import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.file.Call;
import io.vitrail.format.keras.file.StoredLayer;
import io.vitrail.format.keras.file.StoredModel;
import io.vitrail.format.keras.file.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Put the calls of a model in an order in which they can run: the file's own where it is one. */
final class ExecutionOrder {
    /** One call of a layer. */
    record Step(StoredLayer layer, int call) {
        Call arguments() {
            return layer.calls().get(call);
        }
    }

    private record Use(String layer, int call) {
        static Use of(Tensor tensor) {
            return new Use(tensor.layer(), tensor.call());
        }
    }

    private record Waiting(int position, Step step, Set<Use> needs) {}

    private ExecutionOrder() {}

    /**
     * Return every call of the model once.
     *
     * @throws VitrailException if a layer reads what is computed from it
     */
    static List<Step> of(StoredModel model) {
        Map<Use, List<Waiting>> readers = new HashMap<>();
        PriorityQueue<Waiting> ready =
                new PriorityQueue<>(
                        Comparator.comparingInt(Waiting::position)
                                .thenComparingInt(waiting -> waiting.step.call()));
        Set<String> inputs = new HashSet<>();
        model.layers().stream()
                .filter(layer -> layer.calls().isEmpty())
                .forEach(layer -> inputs.add(layer.config().name()));
        int calls = 0;
        for (int i = 0; i < model.layers().size(); i++) {
            StoredLayer layer = model.layers().get(i);
            for (int call = 0; call < layer.calls().size(); call++) {
                Waiting waiting = new Waiting(i, new Step(layer, call), new HashSet<>());
                for (Tensor tensor : layer.calls().get(call).tensors()) {
                    if (!inputs.contains(tensor.layer()) && waiting.needs.add(Use.of(tensor))) {
                        readers.computeIfAbsent(Use.of(tensor), use -> new ArrayList<>())
                                .add(waiting);
                    }
                }
                if (waiting.needs.isEmpty()) {
                    ready.add(waiting);
                }
                calls++;
            }
        }
        List<Step> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            Step step = ready.remove().step;
            order.add(step);
            Use done = new Use(step.layer.config().name(), step.call);
            for (Waiting reader : readers.getOrDefault(done, List.of())) {
                reader.needs.remove(done);
                if (reader.needs.isEmpty()) {
                    ready.add(reader);
                }
            }
        }
        if (order.size() < calls) {
            throw circular(model, order);
        }
        return order;
    }

    private static VitrailException circular(StoredModel model, List<Step> order) {
        Set<Step> done = new HashSet<>(order);
        for (StoredLayer layer : model.layers()) {
            for (int call = 0; call < layer.calls().size(); call++) {
                if (!done.contains(new Step(layer, call))) {
                    return layer.config()
                            .refusal("waits for its own output", "save the model again");
                }
            }
        }
        throw new IllegalStateException(model.name() + ": every call is in order");
    }
}
