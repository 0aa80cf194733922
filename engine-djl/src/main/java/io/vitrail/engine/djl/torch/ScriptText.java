package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The statements of a script while they are written, and the weights that they read. */
final class ScriptText {
    private final StringBuilder lines = new StringBuilder();
    private final Map<Derived, String> weights = new LinkedHashMap<>();
    private int made;

    void line(String statement) {
        lines.append(statement).append('\n');
    }

    void define(String variable, String expression) {
        line(variable + " = " + expression);
    }

    /** Give an expression a name of its own. */
    String let(String expression) {
        String name = "t" + made++;
        define(name, expression);
        return name;
    }

    String weight(Derived weight) {
        return weights.computeIfAbsent(weight, key -> "p[" + weights.size() + "]");
    }

    String weight(Parameter parameter) {
        return weight(Derived.stored(parameter));
    }

    List<Derived> weights() {
        return new ArrayList<>(weights.keySet());
    }

    /** Return the whole: what it reads gets its names, what it returns is said. */
    String body(List<String> reads, List<String> returns) {
        return body(reads, "", returns);
    }

    /**
     * The same, but the list that it is given is emptied first, so that what nobody else holds is
     * freed behind its last use.
     */
    String bodyThatClears(List<String> reads, List<String> returns) {
        return body(reads, "torch.clear(x)\n", returns);
    }

    private String body(List<String> reads, String then, List<String> returns) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < reads.size(); i++) {
            body.append(reads.get(i)).append(" = x[").append(i).append("]\n");
        }
        return body.append(then)
                .append(lines)
                .append("return [")
                .append(String.join(", ", returns))
                .append("]")
                .toString();
    }
}
