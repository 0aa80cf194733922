package io.vitrail.engine.djl.block;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call is as a node: an operator with the arrays and the weights that it reads. */
record Neutral(Operator operator, List<Recorded> inputs, Map<String, Parameter> weights) {

    static Neutral of(Operator operator, Recorded... inputs) {
        return new Neutral(operator, List.of(inputs), Map.of());
    }

    /**
     * Return a node with weights.
     *
     * @param weights names and parameters in turn; null parameters are left out
     */
    static Neutral weighted(Operator operator, Recorded input, @Nullable Object... weights) {
        Map<String, Parameter> own = new LinkedHashMap<>();
        for (int i = 0; i < weights.length; i += 2) {
            if (weights[i] instanceof String name && weights[i + 1] instanceof Parameter weight) {
                own.put(name, weight);
            }
        }
        return new Neutral(operator, List.of(input), own);
    }
}
