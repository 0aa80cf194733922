package io.vitrail.engine.djl.torch;

import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Write one node of a graph as TorchScript. */
public final class NodeText {
    private static final Pattern HOLE = Pattern.compile("\\$(p?)(\\d+)");

    private final Function<Value, String> values;
    private final Function<Parameter, String> parameters;

    /**
     * Create a writer.
     *
     * @param values the name of the variable that holds a value
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
        if (operator instanceof Operator.Convolution o) {
            return convolution(o, in.get(0), node);
        }
        if (operator instanceof Operator.BatchNorm o) {
            return call(
                    "batch_norm",
                    in.get(0),
                    weight(node, "weight"),
                    weight(node, "bias"),
                    weight(node, "mean"),
                    weight(node, "variance"),
                    "False",
                    "0.1",
                    number(o.epsilon()),
                    "False");
        }
        if (operator instanceof Operator.Linear) {
            return call("linear", in.get(0), weight(node, "weight"), weight(node, "bias"));
        }
        if (operator instanceof Operator.Prelu) {
            return call("prelu", in.get(0), weight(node, "weight"));
        }
        if (operator instanceof Operator.Constant) {
            return weight(node, "value");
        }
        if (operator instanceof Operator.Concat o) {
            return call("cat", "[" + String.join(", ", in) + "]", o.axis());
        }
        String activation = activation(operator, in.get(0));
        return activation != null ? activation : arrangement(operator, in, node);
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

    private String convolution(Operator.Convolution o, String in, Node node) {
        String input = in;
        List<Long> padding = o.before();
        if (!o.before().equals(o.after())) {
            input = pad(in, o.before(), o.after(), 0);
            padding = Collections.nCopies(o.before().size(), 0L);
        }
        return call(
                "conv" + o.strides().size() + "d",
                input,
                weight(node, "weight"),
                weight(node, "bias"),
                o.strides(),
                padding,
                o.dilations(),
                o.groups());
    }

    private static String pad(String in, List<Long> before, List<Long> after, double value) {
        List<Long> pairs = new ArrayList<>(); // the last axis first
        for (int i = before.size() - 1; i >= 0; i--) {
            pairs.add(before.get(i));
            pairs.add(after.get(i));
        }
        return call("constant_pad_nd", in, pairs, number(value));
    }

    private static String activation(Operator operator, String in) {
        if (operator instanceof Operator.Relu) {
            return call("relu", in);
        }
        if (operator instanceof Operator.LeakyRelu o) {
            return call("leaky_relu", in, number(o.slope()));
        }
        if (operator instanceof Operator.Clip o) {
            return o.inclusive()
                    ? call("clamp", in, end(o.min()), end(o.max()))
                    : call("hardtanh", in, number(o.min()), number(o.max()));
        }
        if (operator instanceof Operator.Elu o) {
            return call("elu", in, number(o.alpha()), number(o.scale()), number(o.rate()));
        }
        if (operator instanceof Operator.Gelu o) {
            return "torch.gelu(" + in + ", approximate=\"" + (o.tanh() ? "tanh" : "none") + "\")";
        }
        if (operator instanceof Operator.Softplus o) {
            return call("softplus", in, number(o.beta()), "20.");
        }
        if (operator instanceof Operator.Softmax o) {
            return call("softmax", in, o.axis(), "None");
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return call("log_softmax", in, o.axis(), "None");
        }
        if (operator instanceof Operator.Silu
                || operator instanceof Operator.Mish
                || operator instanceof Operator.HardSwish
                || operator instanceof Operator.HardSigmoid
                || operator instanceof Operator.Sigmoid
                || operator instanceof Operator.Tanh) {
            return call(operator.kind(), in);
        }
        return null;
    }

    private String arrangement(Operator operator, List<String> in, Node node) {
        String x = in.get(0);
        if (operator instanceof Operator.MaxPool o) {
            return call(
                    "max_pool" + o.kernel().size() + "d",
                    x,
                    o.kernel(),
                    o.strides(),
                    o.before(),
                    o.dilations(),
                    truth(o.ceil()));
        }
        if (operator instanceof Operator.AveragePool o) {
            return call(
                    "avg_pool" + o.kernel().size() + "d",
                    x,
                    o.kernel(),
                    o.strides(),
                    o.before(),
                    truth(o.ceil()),
                    truth(o.countPadding()));
        }
        if (operator instanceof Operator.AdaptiveAveragePool o) {
            return call("adaptive_avg_pool" + o.size().size() + "d", x, o.size());
        }
        if (operator instanceof Operator.Mean o) {
            return call("mean", x, o.axes(), truth(o.keep()));
        }
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply) {
            return call(operator.kind(), x, in.get(1));
        }
        if (operator instanceof Operator.Pad o) {
            return pad(x, o.before(), o.after(), o.value());
        }
        if (operator instanceof Operator.Reshape o) {
            return call("reshape", x, o.sizes());
        }
        if (operator instanceof Operator.Flatten o) {
            return call("flatten", x, o.start(), o.end());
        }
        if (operator instanceof Operator.Permute o) {
            return call("permute", x, o.axes());
        }
        throw new IllegalStateException("no text for " + operator + " at " + node.name());
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

    private static String call(String function, Object... arguments) {
        return "torch."
                + function
                + java.util.Arrays.stream(arguments)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String truth(boolean value) {
        return value ? "True" : "False";
    }

    private static String end(double value) {
        return Double.isInfinite(value) ? "None" : number(value);
    }

    /** Return a number as TorchScript spells fractions. */
    public static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return Double.isNaN(value) ? "nan" : Double.toString(value).toLowerCase(Locale.ROOT);
    }
}
