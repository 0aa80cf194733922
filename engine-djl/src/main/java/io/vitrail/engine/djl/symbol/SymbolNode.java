package io.vitrail.engine.djl.symbol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One node of a symbol file, in the form of MXNet 1.9.
 *
 * @param operator MXNet's name; {@value #VARIABLE} stands for an array from outside
 * @param attributes those of the operator; what merely steers training is gone
 * @param hints attributes in underscores, such as {@code __shape__}, without them
 * @param inputs what it reads
 */
record SymbolNode(
        String name,
        String operator,
        Map<String, String> attributes,
        Map<String, String> hints,
        List<Reference> inputs) {
    static final String VARIABLE = "null";

    /** An output of a node. */
    record Reference(int node, int output) {}

    SymbolNode {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        hints = Collections.unmodifiableMap(new LinkedHashMap<>(hints));
        inputs = List.copyOf(inputs);
    }

    boolean isVariable() {
        return operator.equals(VARIABLE);
    }

    String attribute(String key, String otherwise) {
        return attributes.getOrDefault(key, otherwise);
    }

    /** Return where in the file it stands, for messages. */
    String place() {
        return "node '" + name + "' (" + operator + ")";
    }
}
