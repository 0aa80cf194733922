package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Write one node of a graph as TorchScript. */
public final class NodeText {
    private static final Pattern HOLE = Pattern.compile("\\$(p?)(\\d+)");
    private static final int LONG = 4; // libtorch's numbers of types
    private static final int BOOLEAN = 11;

    private final Function<Value, String> values;
    private final Function<Parameter, String> parameters;

    /**
     * Create a writer.
     *
     * @param values the name of the variable that holds a value; asked once an input, in order
     * @param parameters the expression that reads a weight
     */
    public NodeText(Function<Value, String> values, Function<Parameter, String> parameters) {
        this.values = values;
        this.parameters = parameters;
    }

    /** Return the expression that computes a node: a tensor, or a tuple or list of tensors. */
    public String expression(Node node) {
        List<String> in = node.inputs().stream().map(values).toList();
        Operator operator = node.operator();
        if (operator instanceof Operator.Native own) {
            return own(own, in, node);
        }
        if (operator instanceof Operator.Constant) {
            return weight(node, "value");
        }
        String text = merged(operator, in);
        String x = in.get(0);
        if (text == null) {
            text = weighted(node, x);
        }
        if (text == null) {
            text = WindowText.of(node, x, name -> weight(node, name));
        }
        if (text == null) {
            text = NormText.of(node, x, name -> weight(node, name));
        }
        if (text == null) {
            text = ActivationText.of(operator, x);
        }
        if (text == null) {
            text = ArrangementText.of(node, x);
        }
        if (text == null) {
            throw new IllegalStateException("no text for " + operator + " at " + node.name());
        }
        return text;
    }

    /**
     * Return whether the expression is a tuple or a list of tensors, as {@code tuple:2} or {@code
     * list:3}.
     */
    public static String form(Node node) {
        return node.operator() instanceof Operator.Native own
                ? own.attributes().getOrDefault("returns", "tensor")
                : "tensor";
    }

    private String own(Operator.Native own, List<String> in, Node node) {
        if (!own.engine().equals("pytorch")) {
            throw VitrailException.model(
                    node.name()
                            + ": operator '"
                            + own.name()
                            + "' runs on "
                            + own.engine()
                            + " only, not on pytorch\n  place: "
                            + node.place());
        }
        return fill(own.attributes().get("call"), in, node);
    }

    private static @Nullable String merged(Operator operator, List<String> in) {
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply
                || operator instanceof Operator.Divide
                || operator instanceof Operator.MatMul) {
            return call(operator.kind(), in.get(0), in.get(1));
        }
        if (operator instanceof Operator.Maximum) { // torch.maximum would share the gradient
            return call("where", call("ge", in.get(0), in.get(1)), in.get(0), in.get(1));
        }
        if (operator instanceof Operator.Minimum) {
            return call("where", call("le", in.get(0), in.get(1)), in.get(0), in.get(1));
        }
        if (operator instanceof Operator.Concat o) {
            return call("cat", in, o.axis());
        }
        if (operator instanceof Operator.Select) {
            return call("where", call("to", in.get(0), BOOLEAN), in.get(1), in.get(2));
        }
        return null;
    }

    private @Nullable String weighted(Node node, String x) {
        if (node.operator() instanceof Operator.Linear) {
            return call("linear", x, weight(node, "weight"), weight(node, "bias"));
        }
        if (node.operator() instanceof Operator.Embedding) {
            return call("embedding", weight(node, "weight"), call("to", x, LONG));
        }
        if (node.operator() instanceof Operator.Prelu) {
            String slope = weight(node, "weight");
            if (node.parameters().get("weight").shape().dimension() <= 1) {
                return call("prelu", x, slope);
            }
            String negative = call("mul", slope, call("relu", call("neg", x)));
            return call("sub", call("relu", x), negative);
        }
        return null;
    }

    private String fill(String call, List<String> in, Node node) {
        List<Parameter> own = List.copyOf(node.parameters().values());
        Matcher holes = HOLE.matcher(call);
        StringBuilder text = new StringBuilder();
        while (holes.find()) {
            int index = Integer.parseInt(holes.group(2));
            String put =
                    holes.group(1).isEmpty() ? in.get(index) : parameters.apply(own.get(index));
            holes.appendReplacement(text, Matcher.quoteReplacement(put));
        }
        return holes.appendTail(text).toString();
    }

    private String weight(Node node, String name) {
        Parameter parameter = node.parameters().get(name);
        return parameter == null ? "None" : parameters.apply(parameter);
    }

    /** Return a number as TorchScript spells fractions. */
    public static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return Double.isNaN(value) ? "nan" : Double.toString(value).toLowerCase(Locale.ROOT);
    }
}
