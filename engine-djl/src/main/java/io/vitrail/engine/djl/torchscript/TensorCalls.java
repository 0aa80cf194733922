package io.vitrail.engine.djl.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.torch.NodeText;
import io.vitrail.engine.djl.torch.ReturnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Record calls of operators on tensors: in neutral form where there is one, else as they stand.
 *
 * <p>Operations in place become operations that give the tensor a new value; views are remembered,
 * so that a write reaches everybody who shares the memory, or is refused.
 */
final class TensorCalls {
    /** In evaluation mode these return their input. */
    private static final Set<String> NOTHING_AT_INFERENCE =
            Set.of("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout");

    /** Views into which a write goes back by the same elements in the base's shape. */
    private static final Set<String> RESHAPING = Set.of("view", "unsqueeze", "squeeze", "view_as");

    /** Operators whose result may share memory with their input. */
    private static final Set<String> VIEWS =
            Set.of(
                    "view",
                    "unsqueeze",
                    "squeeze",
                    "view_as",
                    "slice",
                    "select",
                    "transpose",
                    "t",
                    "permute",
                    "reshape",
                    "reshape_as",
                    "flatten",
                    "unflatten",
                    "contiguous",
                    "expand",
                    "expand_as",
                    "narrow",
                    "diagonal",
                    "movedim",
                    "swapaxes",
                    "swapdims",
                    "unfold",
                    "detach",
                    "alias",
                    "to",
                    "type_as",
                    "real",
                    "imag",
                    "chunk",
                    "split",
                    "split_with_sizes",
                    "tensor_split",
                    "unbind",
                    "float",
                    "numpy_T",
                    "as_strided",
                    "ravel",
                    "unsafe_chunk",
                    "unsafe_split");

    /** Operators whose result has a shape that depends on values. */
    private static final Set<String> SHAPED_BY_VALUES =
            Set.of(
                    "nonzero",
                    "masked_select",
                    "unique",
                    "_unique2",
                    "unique_dim",
                    "unique_consecutive",
                    "nms",
                    "bincount",
                    "repeat_interleave",
                    "argwhere");

    /** Operators that give something else each time. */
    private static final Set<String> RANDOM =
            Set.of(
                    "rand",
                    "randn",
                    "randint",
                    "randperm",
                    "rand_like",
                    "randn_like",
                    "randint_like",
                    "bernoulli",
                    "bernoulli_",
                    "normal",
                    "normal_",
                    "uniform_",
                    "multinomial",
                    "rrelu",
                    "random_",
                    "exponential_");

    private final Recorder recorder;
    private final NDManager manager;
    private boolean readsValues;

    TensorCalls(Recorder recorder, NDManager manager) {
        this.recorder = recorder;
        this.manager = manager;
    }

    boolean readsValues() {
        return readsValues;
    }

    /** Note that the code looked at values of a tensor, unless they do not depend on the input. */
    void read(Traced tensor) {
        readsValues |= recorder.dependsOnInput(value(tensor.held()));
    }

    /** Return the graph value that a tensor holds; a weight becomes a constant. */
    Value value(Traced.Held held) {
        return held instanceof Traced.Weight weight
                ? recorder.constant(weight.parameter())
                : ((Traced.Computed) held).value();
    }

    Value value(Traced tensor) {
        return value(tensor.held());
    }

    /** Return a tensor that holds a number, as {@code prim::NumToTensor} makes it. */
    Traced number(Number number, String place) {
        String text = number instanceof Double d ? NodeText.number(d) : String.valueOf(number);
        Operator operator =
                new Operator.Native(
                        "pytorch",
                        "NumToTensor",
                        Map.of("call", "ops.prim.NumToTensor(" + text + ")"));
        Value value = recorder.add(operator, List.of(), Map.of(), 1, place).get(0);
        return Traced.number(new Traced.Computed(value), number);
    }

    /**
     * Record a call.
     *
     * @param space where the operator lives: {@code torch} or {@code ops.torchvision}
     * @return a tensor, or a list of tensors
     */
    Object call(String space, String name, Arguments arguments, String place) {
        if (RANDOM.contains(name)) {
            throw Refusal.at(
                    place,
                    "operator '" + name + "' draws random numbers, so nothing can be explained",
                    "remove it from the forward pass that is exported");
        }
        Limits.check(name, arguments, place);
        readsValues |= SHAPED_BY_VALUES.contains(name);
        boolean inPlace = name.endsWith("_") && !name.endsWith("__");
        String pure = inPlace ? name.substring(0, name.length() - 1) : name;
        if (NOTHING_AT_INFERENCE.contains(pure)) {
            return arguments.tensor(0);
        }
        if (inPlace) {
            return inPlace(space, pure, arguments, place);
        }
        List<Traced.Held> results = record(space, pure, arguments, place);
        boolean list = results.size() > 1 || multiple;
        if (!VIEWS.contains(pure) || !arguments.isTensor(0)) {
            List<Traced> tensors = results.stream().map(Traced::of).toList();
            return list ? new ArrayList<>(tensors) : tensors.get(0);
        }
        List<Traced> views = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Traced base = arguments.tensor(0);
            views.add(
                    Traced.view(
                            results.get(i), base, view(space, pure, arguments, place, i, list)));
        }
        return list ? new ArrayList<>(views) : views.get(0);
    }

    private boolean multiple; // whether the operator recorded last returns several tensors

    private Traced inPlace(String space, String pure, Arguments arguments, String place) {
        Traced target = arguments.tensor(0);
        String function =
                switch (pure) {
                    case "zero" -> "zeros_like";
                    case "fill" -> "full_like";
                    default -> pure;
                };
        Traced.Held result = record(space, function, arguments, place).get(0);
        if (!target.write(result)) {
            throw Refusal.at(
                    place,
                    "operator '"
                            + pure
                            + "_' writes in place through a view that cannot be followed",
                    "write it without the underscore, or clone() the view first");
        }
        return target;
    }

    private Traced.View view(
            String space, String name, Arguments arguments, String place, int index, boolean list) {
        return new Traced.View() {
            @Override
            public Traced.Held of(Traced.Held base) {
                return record(space, name, with(arguments, base), place).get(list ? index : 0);
            }

            @Override
            public Traced.@Nullable Held written(Traced.Held base, Traced.Held view) {
                Traced tensor = Traced.of(view);
                List<@Nullable Object> rest =
                        arguments.positional().subList(1, arguments.positional().size());
                if (RESHAPING.contains(name)) {
                    List<Object> sizes = new ArrayList<>();
                    for (long size : recorder.shape(value(base)).getShape()) {
                        sizes.add(size);
                    }
                    return call("reshape", List.of(tensor, sizes));
                }
                List<@Nullable Object> positional = new ArrayList<>();
                switch (name) {
                    case "transpose", "t" -> positional.add(tensor);
                    case "slice", "select" -> {
                        positional.add(Traced.of(base));
                        positional.add(tensor);
                    }
                    default -> {
                        return null;
                    }
                }
                positional.addAll(rest);
                boolean scatter = name.equals("slice") || name.equals("select");
                return call(scatter ? name + "_scatter" : name, positional);
            }

            private Traced.Held call(String function, List<@Nullable Object> positional) {
                return record("torch", function, new Arguments(positional, Map.of()), place).get(0);
            }
        };
    }

    private static Arguments with(Arguments arguments, Traced.Held first) {
        List<@Nullable Object> positional = new ArrayList<>(arguments.positional());
        positional.set(0, Traced.of(first));
        return new Arguments(positional, arguments.named());
    }

    private List<Traced.Held> record(String space, String name, Arguments arguments, String place) {
        multiple = false;
        if (space.equals("torch")) {
            AtenOperators.Neutral neutral =
                    AtenOperators.neutral(name, arguments, tensor -> recorder.rank(value(tensor)));
            if (neutral != null) {
                List<Value> inputs = neutral.inputs().stream().map(this::value).toList();
                Value result =
                        recorder.add(neutral.operator(), inputs, neutral.parameters(), 1, place)
                                .get(0);
                return List.of(new Traced.Computed(result));
            }
        }
        return recordNative(space, name, arguments, place);
    }

    private List<Traced.Held> recordNative(
            String space, String name, Arguments arguments, String place) {
        List<Value> inputs = new ArrayList<>();
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        StringBuilder call = new StringBuilder(space).append('.').append(name).append('(');
        String separator = "";
        for (Object argument : arguments.positional()) {
            call.append(separator).append(text(argument, inputs, parameters, place));
            separator = ", ";
        }
        for (Map.Entry<String, @Nullable Object> argument : arguments.named().entrySet()) {
            call.append(separator)
                    .append(argument.getKey())
                    .append('=')
                    .append(text(argument.getValue(), inputs, parameters, place));
            separator = ", ";
        }
        call.append(')');
        ReturnType type = returnType(call.toString(), name, place);
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("call", call.toString());
        int outputs = 1;
        if (type.tuple() > 0) {
            attributes.put("returns", "tuple:" + type.tuple());
            outputs = type.tuple();
        } else if (type.list()) {
            outputs = listLength(name, call.toString(), inputs, parameters, place);
            attributes.put("returns", "list:" + outputs);
        }
        if (name.equals("transpose") || name.equals("swapaxes")) {
            attributes.put("swaps", arguments.integer(1, 0) + "," + arguments.integer(2, 0));
        }
        List<Value> results =
                recorder.add(
                        new Operator.Native("pytorch", name, attributes),
                        inputs,
                        parameters,
                        outputs,
                        place);
        multiple = type.tuple() > 0 || type.list();
        List<Traced.Held> held = new ArrayList<>();
        results.forEach(value -> held.add(new Traced.Computed(value)));
        return held;
    }

    private ReturnType returnType(String call, String name, String place) {
        try {
            return ReturnType.of(manager, call, name);
        } catch (EngineException e) {
            throw Refusal.at(
                    place,
                    "operator '" + name + "' is not understood: " + Recorder.reason(e),
                    "report the model's code at this place; its author can replace the operator");
        }
    }

    /** A list's length shows only when it runs. */
    private int listLength(
            String name,
            String call,
            List<Value> inputs,
            Map<String, Parameter> parameters,
            String place) {
        Operator counting =
                new Operator.Native(
                        "pytorch",
                        name,
                        Map.of("call", "ops.prim.NumToTensor(torch.len(" + call + "))"));
        Value length = recorder.add(counting, inputs, parameters, 1, place).get(0);
        return (int) recorder.array(length).getLong();
    }

    private String text(
            @Nullable Object argument,
            List<Value> inputs,
            Map<String, Parameter> parameters,
            String place) {
        if (argument instanceof Traced tensor) {
            if (tensor.held() instanceof Traced.Weight weight) {
                parameters.put("p" + parameters.size(), weight.parameter());
                return "$p" + (parameters.size() - 1);
            }
            inputs.add(value(tensor));
            return "$" + (inputs.size() - 1);
        }
        if (argument == null) {
            return "None";
        }
        if (argument instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        if (argument instanceof Double number) {
            return NodeText.number(number);
        }
        if (argument instanceof Long || argument instanceof Interpreter.DeviceName) {
            return argument.toString();
        }
        if (argument instanceof String word) {
            return '"'
                    + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                    + '"';
        }
        if (argument instanceof List<?> list) {
            if (list.isEmpty()) {
                return "annotate(List[int], [])";
            }
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(text(item, inputs, parameters, place)));
            String joined = "[" + String.join(", ", items) + "]";
            return list.contains(null)
                    ? "annotate(List[Optional[Tensor]], " + joined + ")"
                    : joined;
        }
        throw Refusal.at(place, "an argument of an operator is neither tensor, number nor text");
    }
}
