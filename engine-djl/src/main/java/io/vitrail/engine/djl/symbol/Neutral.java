package io.vitrail.engine.djl.symbol;

import io.vitrail.api.graph.Operator;
import java.util.List;

/**
 * What a node of a symbol is called by everybody.
 *
 * @param weights the names of its weights, which follow its inputs; a name of {@code ""} is not
 *     kept
 */
record Neutral(Operator operator, List<String> weights) {
    Neutral {
        weights = List.copyOf(weights);
    }

    /** Create one without weights. */
    static Neutral of(Operator operator) {
        return new Neutral(operator, List.of());
    }
}
