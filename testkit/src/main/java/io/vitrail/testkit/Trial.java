package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.Model;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Run one method on one batch, without the runtime.
 *
 * @param method what is tried
 * @param layers the names of the chosen layers; where empty, the method's default
 * @param target the score; any, where the method uses none
 * @param settings options by key, in the command line's spelling
 */
public record Trial(
        AttributionMethod method,
        List<String> layers,
        Target target,
        Map<String, String> settings) {
    public Trial {
        layers = List.copyOf(layers);
        settings = Map.copyOf(settings);
    }

    /** Create a trial with default layers and options. */
    public static Trial of(AttributionMethod method, Target target) {
        return new Trial(method, List.of(), target, Map.of());
    }

    /** Return this trial at layers. */
    public Trial at(String... names) {
        return new Trial(method, List.of(names), target, settings);
    }

    /** Return this trial with an option set, in the command line's spelling. */
    public Trial with(String key, String spelling) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, spelling);
        return new Trial(method, layers, target, more);
    }

    /**
     * Run on a batch; a method of several passes item by item, as the runtime does, each with the
     * same random numbers.
     */
    public Attribution run(Model model, NDList inputs) {
        return run(model, inputs, new Patience(Integer.MAX_VALUE));
    }

    Attribution run(Model model, NDList inputs, Patience patience) {
        return run(model, inputs, List.of(), patience);
    }

    Attribution run(Model model, NDList inputs, List<String> callers, Patience patience) {
        if (method instanceof OnePassMethod one) {
            Request request = request(model.layers(inputs));
            patience.pass();
            try (Pass pass = model.run(one.probe(request).reading(target), inputs)) {
                return one.attribute(pass, request);
            }
        }
        List<String> chain = new ArrayList<>(callers);
        chain.add(method.id());
        List<Attribution> found = new ArrayList<>();
        for (int n = 0; n < inputs.head().getShape().get(0); n++) {
            try (NDManager manager = model.newManager()) {
                NDList item = item(inputs, n, manager);
                Request request = request(model.layers(item));
                Session session = new TrialSession(model, item, manager, chain, patience);
                found.add(((ManyPassMethod) method).attribute(session, request));
            }
        }
        return Items.joined(found);
    }

    private static NDList item(NDList inputs, int n, NDManager manager) {
        if (inputs.head().getShape().get(0) == 1) {
            return inputs;
        }
        NDList item = new NDList();
        for (NDArray input : inputs) {
            NDArray slice = input.get(new NDIndex(n + ":" + (n + 1)));
            slice.attach(manager);
            item.add(slice);
        }
        return item;
    }

    /**
     * Return what the method is asked for on a network with these layers.
     *
     * @throws VitrailException if a layer or an option is unknown, or a value cannot be read
     */
    public Request request(Layers all) {
        List<Layer> chosen = layers.stream().map(all::get).toList();
        if (chosen.isEmpty() && choosesLastSpatial()) {
            chosen = all.lastSpatial().stream().toList();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        settings.forEach((key, spelling) -> values.put(key, parse(option(key), spelling)));
        return new Request(method.id(), all, chosen, target, values);
    }

    private boolean choosesLastSpatial() {
        return method.place() == AttributionMethod.Place.SPATIAL_LAYERS
                || method.place() == AttributionMethod.Place.INPUT_THROUGH_LAYER;
    }

    private Option<?> option(String key) {
        return method.options().stream()
                .filter(option -> option.key().equals(key))
                .findFirst()
                .orElseThrow(
                        () -> VitrailException.usage(method.id() + " has no option '" + key + "'"));
    }

    private Object parse(Option<?> option, String spelling) {
        try {
            return option.parser().apply(spelling);
        } catch (IllegalArgumentException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    method.id()
                            + ": "
                            + option.key()
                            + "="
                            + spelling
                            + " is not one of "
                            + e.getMessage(),
                    e);
        }
    }
}
