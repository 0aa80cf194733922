package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Run a model's code on tensors that are being recorded.
 *
 * <p>Flags, loops and branches are resolved by running them; what remains is the straight line of
 * tensor operators that the {@link Recorder} wrote down.
 */
final class Interpreter {
    private static final int MAX_CALLS = 300; // nested

    /** A device, spelled as TorchScript spells it. */
    record DeviceName(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** A fixed number of values; of a named tuple also their names. */
    record Group(List<@Nullable Object> items, List<String> names) {
        Group(List<@Nullable Object> items) {
            this(items, List.of());
        }
    }

    private record NamedTuple(Code.ClassType type) {}

    private record FunctionReference(Code.Function function) {}

    private record MethodReference(StoredModule module, String name) {}

    private record BuiltIn(String path) {}

    /** The variables of one call; {@code returned} is set once a return was reached. */
    private static final class Frame {
        final Map<String, @Nullable Object> variables = new HashMap<>();
        final Code.Function function;
        boolean done;
        @Nullable Object returned;

        Frame(Code.Function function) {
            this.function = function;
        }
    }

    private final Archive archive;
    private final TensorCalls tensors;
    private final LayerNames names;
    private final BuiltIns builtIns;
    private final Map<Parameter, Traced> weights = new IdentityHashMap<>();
    private final Limits limits;
    private int calls;
    private String place = "forward"; // of the statement that runs

    Interpreter(Archive archive, Recorder recorder, TensorCalls tensors) {
        this.archive = archive;
        this.tensors = tensors;
        this.names = new LayerNames(recorder);
        this.limits = recorder.limits();
        this.builtIns = new BuiltIns(recorder, tensors);
    }

    LayerNames names() {
        return names;
    }

    /** Run the model's forward on its inputs and return what it returns. */
    @Nullable Object forward(List<Value> inputs) {
        List<@Nullable Object> arguments = new ArrayList<>();
        inputs.forEach(input -> arguments.add(Traced.of(new Traced.Computed(input))));
        try {
            return callMethod(
                    archive.root(), "forward", new Arguments(arguments, Map.of()), "forward");
        } catch (StackOverflowError e) {
            throw Refusal.at(place, "the code calls itself, or a value holds itself");
        } catch (ClassCastException
                | NullPointerException
                | IndexOutOfBoundsException
                | ArithmeticException
                | IllegalArgumentException e) {
            // code that libtorch's compiler would refuse: types that do not fit, arguments missing
            throw Refusal.at(place, "the code is damaged: " + e.getMessage());
        }
    }

    private @Nullable Object callMethod(
            StoredModule module, String name, Arguments arguments, String place) {
        Code.Function method = module.method(name);
        if (method == null) {
            throw Refusal.at(place, "class " + module.type + " has no method " + name);
        }
        List<@Nullable Object> positional = new ArrayList<>();
        positional.add(module);
        positional.addAll(arguments.positional());
        Arguments all = new Arguments(positional, arguments.named());
        LayerNames.@Nullable Use use = names.enter(module, name);
        Object result = callFunction(method, all, place);
        names.leave(use, first(result));
        return result;
    }

    /** The value that a module stands for: what it returns, or the first tensor of that. */
    private @Nullable Value first(@Nullable Object result) {
        if (result instanceof Traced tensor) {
            return tensors.value(tensor);
        }
        if (result instanceof Group group && !group.items().isEmpty()) {
            return first(group.items().get(0));
        }
        return null;
    }

    private @Nullable Object callFunction(
            Code.Function function, Arguments arguments, String place) {
        if (++calls > MAX_CALLS) {
            throw Refusal.at(place, "calls are nested more than " + MAX_CALLS + " deep");
        }
        Frame frame = new Frame(function);
        for (int i = 0; i < function.parameters().size(); i++) {
            Code.Parameter parameter = function.parameters().get(i);
            Object value;
            if (i < arguments.positional().size()) {
                value = arguments.positional().get(i);
            } else if (arguments.named().containsKey(parameter.name())) {
                value = arguments.named().get(parameter.name());
            } else if (parameter.defaultValue() != null) {
                value = evaluate(parameter.defaultValue(), frame);
            } else {
                throw Refusal.at(
                        place, function.name() + " is called without '" + parameter.name() + "'");
            }
            frame.variables.put(parameter.name(), value);
        }
        run(function.body(), frame);
        calls--;
        return frame.returned;
    }

    private void run(List<Code.Statement> statements, Frame frame) {
        for (Code.Statement statement : statements) {
            if (frame.done) {
                return;
            }
            limits.step(frame.function.file());
            run(statement, frame);
        }
    }

    private void run(Code.Statement statement, Frame frame) {
        if (statement instanceof Code.Assign assign) {
            assign(assign.target(), evaluate(assign.value(), frame), frame, assign.line());
        } else if (statement instanceof Code.Evaluate expression) {
            evaluate(expression.value(), frame);
        } else if (statement instanceof Code.Return end) {
            frame.returned = end.value() == null ? null : evaluate(end.value(), frame);
            frame.done = true;
        } else if (statement instanceof Code.If branch) {
            boolean holds =
                    builtIns.truth(evaluate(branch.condition(), frame), at(frame, branch.line()));
            run(holds ? branch.then() : branch.otherwise(), frame);
        } else if (statement instanceof Code.For loop) {
            Object items = evaluate(loop.in(), frame);
            if (!(items instanceof List<?> list)) {
                throw Refusal.at(
                        at(frame, loop.line()), "a loop runs over something that is no list");
            }
            for (Object item : List.copyOf(list)) {
                if (frame.done) {
                    return;
                }
                assign(loop.target(), item, frame, loop.line());
                run(loop.body(), frame);
            }
        } else if (statement instanceof Code.While loop) {
            while (!frame.done
                    && builtIns.truth(evaluate(loop.condition(), frame), at(frame, loop.line()))) {
                limits.step(at(frame, loop.line()));
                run(loop.body(), frame);
            }
        }
    }

    private static String at(Frame frame, int line) {
        return frame.function.file() + ", line " + line + ", in " + frame.function.name();
    }

    private void assign(Code.Expression target, @Nullable Object value, Frame frame, int line) {
        if (target instanceof Code.Name name) {
            frame.variables.put(name.name(), value);
        } else if (target instanceof Code.Tuple tuple) {
            List<?> items =
                    value instanceof Group group
                            ? group.items()
                            : value instanceof List<?> list ? list : List.of();
            if (items.size() != tuple.items().size()) {
                throw Refusal.at(
                        at(frame, line),
                        tuple.items().size() + " names are assigned " + items.size() + " values");
            }
            for (int i = 0; i < items.size(); i++) {
                assign(tuple.items().get(i), items.get(i), frame, line);
            }
        } else if (target instanceof Code.Attribute attribute
                && evaluate(attribute.of(), frame) instanceof StoredModule) {
            throw Refusal.at(
                    at(frame, line),
                    "the forward pass changes the model's own attribute '" + attribute.name() + "'",
                    "save the model in evaluation mode, or without state that changes");
        } else {
            throw Refusal.at(at(frame, line), "an assignment to something that is no name");
        }
    }

    private @Nullable Object evaluate(Code.Expression expression, Frame frame) {
        if (expression instanceof Code.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Code.Name name) {
            return name(name, frame);
        }
        if (expression instanceof Code.Attribute attribute) {
            return attribute(attribute, frame);
        }
        if (expression instanceof Code.Call call) {
            return call(call, frame);
        }
        if (expression instanceof Code.Index index) {
            return builtIns.item(
                    evaluate(index.of(), frame),
                    evaluate(index.index(), frame),
                    at(frame, index.line()));
        }
        if (expression instanceof Code.ListOf list) {
            return items(list.items(), frame);
        }
        if (expression instanceof Code.Tuple tuple) {
            return new Group(items(tuple.items(), frame));
        }
        if (expression instanceof Code.Dict dict) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < dict.keys().size(); i++) {
                map.put(evaluate(dict.keys().get(i), frame), evaluate(dict.values().get(i), frame));
            }
            return map;
        }
        Object value = evaluate(((Code.Negative) expression).of(), frame);
        return value instanceof Long whole ? (Object) (-whole) : (Object) (-(Double) value);
    }

    private List<@Nullable Object> items(List<Code.Expression> expressions, Frame frame) {
        List<@Nullable Object> items = new ArrayList<>();
        expressions.forEach(item -> items.add(evaluate(item, frame)));
        return items;
    }

    private @Nullable Object name(Code.Name name, Frame frame) {
        if (frame.variables.containsKey(name.name())) {
            return frame.variables.get(name.name());
        }
        return switch (name.name()) {
            case "torch",
                    "ops",
                    "__torch__",
                    "CONSTANTS",
                    "int",
                    "float",
                    "bool",
                    "str",
                    "range",
                    "getattr",
                    "annotate",
                    "unchecked_cast",
                    "uninitialized",
                    "isinstance",
                    "device" ->
                    new BuiltIn(name.name());
            default ->
                    throw Refusal.at(
                            at(frame, name.line()),
                            "the name '" + name.name() + "' is not defined");
        };
    }

    private @Nullable Object attribute(Code.Attribute attribute, Frame frame) {
        Object of = evaluate(attribute.of(), frame);
        String place = at(frame, attribute.line());
        if (of instanceof StoredModule module) {
            return moduleAttribute(module, attribute.name(), place);
        }
        if (of instanceof BuiltIn builtIn) {
            String path = builtIn.path() + "." + attribute.name();
            if (builtIn.path().equals("CONSTANTS")) {
                return constant(attribute.name(), place);
            }
            Code.Function function = archive.functions().get(path);
            Code.ClassType type = archive.classes().get(path);
            if (type != null && type.base().equals("NamedTuple")) {
                return new NamedTuple(type);
            }
            return function == null ? new BuiltIn(path) : new FunctionReference(function);
        }
        if (of instanceof Group group && group.names().contains(attribute.name())) {
            return group.items().get(group.names().indexOf(attribute.name()));
        }
        throw Refusal.at(
                place, "'" + attribute.name() + "' is asked of something without attributes");
    }

    private @Nullable Object constant(String name, String place) {
        try {
            return plain(archive.constants().get(Integer.parseInt(name.substring(1))));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw Refusal.at(place, "the archive has no constant '" + name + "'");
        }
    }

    private @Nullable Object moduleAttribute(StoredModule module, String name, String place) {
        if (name.equals("training")) {
            return false; // evaluation mode, whatever the model was saved in
        }
        if (module.attributes.containsKey(name)) {
            return plain(module.attributes.get(name));
        }
        for (Code.Statement statement : module.code.attributes()) {
            if (statement instanceof Code.Assign assign
                    && assign.target() instanceof Code.Name constant
                    && constant.name().equals(name)) {
                return evaluate(
                        assign.value(),
                        new Frame(
                                new Code.Function(name, List.of(), List.of(), module.code.file())));
            }
        }
        if (module.method(name) != null) {
            return new MethodReference(module, name);
        }
        throw Refusal.at(place, "class " + module.type + " has no attribute '" + name + "'");
    }

    /** A stored value as the code sees it: weights as tensors, copies of lists. */
    private @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Parameter parameter) {
            return weights.computeIfAbsent(parameter, p -> Traced.of(new Traced.Weight(p)));
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, plain(item)));
            return copy;
        }
        return value;
    }

    private @Nullable Object call(Code.Call call, Frame frame) {
        String place = at(frame, call.line());
        this.place = place;
        if (call.function() instanceof Code.Attribute method
                && !(method.of() instanceof Code.Name root && isSpace(root, frame))
                && evaluate(method.of(), frame) instanceof StoredModule module) {
            return callMethod(module, method.name(), arguments(call.arguments(), frame), place);
        }
        Object function = evaluate(call.function(), frame);
        if (function instanceof FunctionReference reference) {
            return callFunction(reference.function(), arguments(call.arguments(), frame), place);
        }
        if (function instanceof MethodReference method) {
            return callMethod(
                    method.module(), method.name(), arguments(call.arguments(), frame), place);
        }
        if (function instanceof NamedTuple tuple) {
            return namedTuple(tuple.type(), arguments(call.arguments(), frame), place);
        }
        if (!(function instanceof BuiltIn builtIn)) {
            throw Refusal.at(place, "something is called that is no function");
        }
        return switch (builtIn.path()) {
            case "annotate", "unchecked_cast" -> evaluate(call.arguments().get(1).value(), frame);
            case "uninitialized" -> null;
            case "getattr" -> {
                Object of = evaluate(call.arguments().get(0).value(), frame);
                Object name = evaluate(call.arguments().get(1).value(), frame);
                if (!(of instanceof StoredModule module) || !(name instanceof String text)) {
                    throw Refusal.at(place, "getattr on something that is no module");
                }
                yield moduleAttribute(module, text, place);
            }
            default -> builtIns.call(builtIn.path(), arguments(call.arguments(), frame), place);
        };
    }

    private static Group namedTuple(Code.ClassType type, Arguments arguments, String place) {
        List<String> names = new ArrayList<>();
        List<@Nullable Object> items = new ArrayList<>();
        for (Code.Statement field : type.attributes()) {
            if (!(field instanceof Code.Declare declared)) {
                continue;
            }
            int index = names.size();
            names.add(declared.name());
            if (index < arguments.positional().size()) {
                items.add(arguments.positional().get(index));
            } else if (arguments.named().containsKey(declared.name())) {
                items.add(arguments.named().get(declared.name()));
            } else {
                throw Refusal.at(
                        place,
                        type.name() + " is made without its field '" + declared.name() + "'");
            }
        }
        return new Group(items, names);
    }

    private static boolean isSpace(Code.Name name, Frame frame) {
        return !frame.variables.containsKey(name.name())
                && (name.name().equals("torch") || name.name().equals("ops"));
    }

    private Arguments arguments(List<Code.Argument> given, Frame frame) {
        List<@Nullable Object> positional = new ArrayList<>();
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (Code.Argument argument : given) {
            Object value = evaluate(argument.value(), frame);
            if (argument.name() == null) {
                positional.add(value);
            } else {
                named.put(argument.name(), value);
            }
        }
        return new Arguments(positional, named);
    }
}
