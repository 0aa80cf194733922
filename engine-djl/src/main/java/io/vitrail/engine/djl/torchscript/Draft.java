package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Map;

/** A node that is being recorded; its name comes later. */
final class Draft {
    final Operator operator;
    final List<Value> inputs;
    final Map<String, Parameter> parameters;
    final int outputs;
    final String place;
    final boolean dependsOnInput;
    final int rank;
    String name = "";

    Draft(
            Operator operator,
            List<Value> inputs,
            Map<String, Parameter> parameters,
            int outputs,
            String place,
            boolean dependsOnInput,
            int rank) {
        this.operator = operator;
        this.inputs = inputs;
        this.parameters = parameters;
        this.outputs = outputs;
        this.place = place;
        this.dependsOnInput = dependsOnInput;
        this.rank = rank;
    }

    Node node(String named, List<Value> in, List<ArrayType> types) {
        return new Node(named, operator, in, parameters, types, place);
    }
}
