package io.vitrail.cli;

import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.graph.Graph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What there is to say of a model as a whole.
 *
 * @param layers as it runs on the input that was found for it
 * @param assumed whether a size of that input was assumed
 */
record ModelReport(Model model, Layers layers, boolean assumed) {

    /** What {@code layers} and {@code doctor} say of a model that branches on values. */
    static final String READS_VALUES =
            "its code branches on values: the layers hold for this input, and each input is recorded anew";

    /** Return one line: name, format, engine, inputs. */
    String heading() {
        return model.name()
                + ": "
                + model.format()
                + " on "
                + model.engine()
                + ", input "
                + layers.inputs().stream()
                        .map(
                                port ->
                                        port.name()
                                                + " "
                                                + port.type().shape()
                                                + " "
                                                + port.type().type())
                        .collect(Collectors.joining(", "))
                + (assumed ? " (assumed)" : "");
    }

    boolean readsValues() {
        return layers.graph().readsValues();
    }

    /** Return the number of elements of all weights. */
    long parameters() {
        long parameters = 0;
        for (Layer layer : layers) {
            parameters += layer.parameters();
        }
        return parameters;
    }

    int rectifiers() {
        return layers.matching(Layer::isRectifier).size();
    }

    /** Return the facts for JSON, without the layers themselves. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.name());
        facts.put("format", model.format());
        facts.put("engine", model.engine());
        facts.put("inputs", layers.inputs().stream().map(ModelReport::facts).toList());
        facts.put("assumed", assumed);
        facts.put("readsValues", readsValues());
        facts.put("parameters", parameters());
        return facts;
    }

    private static Map<String, Object> facts(Graph.Port port) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", port.name());
        facts.put("shape", port.type().shape().getShape());
        facts.put("type", port.type().type().toString());
        return facts;
    }
}
