package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Count the calls of models inside a model from 0.
 *
 * <p>Keras 2 counts them from 1: its call 0 joins the model to its own inputs and is not saved. So
 * they are counted where somebody reads a call as high as their number.
 *
 * @param fromOne the models whose calls count from 1
 */
record CallNumbers(Set<String> fromOne) {

    /**
     * Find what counts from 1.
     *
     * @param outputs what the configuration of the model around them has as {@code output_layers}
     */
    static CallNumbers of(List<StoredLayer> layers, @Nullable JsonElement outputs) {
        List<Tensor> read = new ArrayList<>();
        layers.forEach(layer -> layer.calls().forEach(call -> read.addAll(call.tensors())));
        collect(outputs, read);
        Map<String, Integer> highest = new HashMap<>();
        read.forEach(tensor -> highest.merge(tensor.layer(), tensor.call(), Math::max));
        Set<String> fromOne = new HashSet<>();
        for (StoredLayer layer : layers) {
            String name = layer.config().name();
            boolean beyond = highest.getOrDefault(name, 0) == layer.calls().size();
            if (layer.inner() != null && beyond) {
                fromOne.add(name);
            }
        }
        return new CallNumbers(fromOne);
    }

    private static void collect(@Nullable JsonElement element, List<Tensor> into) {
        Tensor tensor = InboundNodes.tensor(element);
        if (tensor != null) {
            into.add(tensor);
        } else if (element instanceof JsonArray list) {
            list.forEach(item -> collect(item, into));
        } else if (element instanceof JsonObject dict) {
            dict.asMap().values().forEach(item -> collect(item, into));
        }
    }

    Tensor of(Tensor tensor) {
        return fromOne.contains(tensor.layer()) && tensor.call() > 0
                ? new Tensor(tensor.layer(), tensor.call() - 1, tensor.index())
                : tensor;
    }

    StoredLayer of(StoredLayer layer) {
        List<Call> calls = layer.calls().stream().map(this::of).toList();
        return new StoredLayer(
                layer.config(), layer.weights(), calls, layer.inner(), layer.wrapped());
    }

    private Call of(Call call) {
        Map<String, Argument> keywords = new LinkedHashMap<>();
        call.keywords().forEach((name, argument) -> keywords.put(name, of(argument)));
        return new Call(call.arguments().stream().map(this::of).toList(), keywords);
    }

    private Argument of(Argument argument) {
        if (argument instanceof Argument.Of of) {
            return new Argument.Of(of(of.tensor()));
        }
        return argument instanceof Argument.Many many
                ? new Argument.Many(many.items().stream().map(this::of).toList())
                : argument;
    }
}
