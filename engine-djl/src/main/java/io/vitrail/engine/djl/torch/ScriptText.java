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

    /**
     * The same for several targets: what is read behind the heads is repeated for each, what is
     * returned comes in parts.
     */
    String stackedBody(List<String> reads, List<String> heads, Stack stack, List<String> returns) {
        StringBuilder then = new StringBuilder("torch.clear(x)\n");
        then.append("count = ").append(stack.count(heads.get(0))).append('\n');
        for (String read : reads.subList(heads.size(), reads.size())) {
            then.append(read).append(" = ").append(Stack.repeated(read, "count")).append('\n');
        }
        String parts = stack.parted(returns.get(0));
        for (String more : returns.subList(1, returns.size())) {
            parts = Aten.call("add", parts, stack.parted(more));
        }
        return begun(reads, then.toString()).append("return ").append(parts).toString();
    }

    private String body(List<String> reads, String then, List<String> returns) {
        return begun(reads, then)
                .append("return [")
                .append(String.join(", ", returns))
                .append("]")
                .toString();
    }

    private StringBuilder begun(List<String> reads, String then) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < reads.size(); i++) {
            body.append(reads.get(i)).append(" = x[").append(i).append("]\n");
        }
        return body.append(then).append(lines);
    }
}
