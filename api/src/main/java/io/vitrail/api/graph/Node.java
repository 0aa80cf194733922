package io.vitrail.api.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of a graph.
 *
 * @param name unique in the graph, as the source format names it: {@code layer4.2.conv3}, {@code
 *     layer1.0.relu#2}
 * @param operator what it computes
 * @param inputs the arrays that it reads, weights excepted
 * @param parameters its weights by the names that {@link Operator} gives them, in order
 * @param outputs what it computes, one entry an output
 * @param place where in the source it stands, for messages
 */
public record Node(
        String name,
        Operator operator,
        List<Value> inputs,
        Map<String, Parameter> parameters,
        List<ArrayType> outputs,
        String place) {
    public Node {
        inputs = List.copyOf(inputs);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        outputs = List.copyOf(outputs);
    }
}
