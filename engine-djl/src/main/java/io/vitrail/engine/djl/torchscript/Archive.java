package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Parameter;
import io.vitrail.archive.FileMap;
import io.vitrail.archive.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TorchScript archive, read and checked: modules, constants and code. */
final class Archive {
    private static final int NEWEST_VERSION = 10; // torch 2.7
    private static final double MAX_EXAMPLE = 1 << 28; // elements of an input

    private final ZipDirectory zip;
    private final String top;
    private final StoredTensors tensors;
    private final Map<String, Code.ClassType> classes = new LinkedHashMap<>();
    private final Map<String, Code.Function> functions = new LinkedHashMap<>();
    private final List<@Nullable Object> constants = new ArrayList<>();
    private final Map<Pickle.Instance, StoredModule> modules = new IdentityHashMap<>();
    private final List<StoredModule> inOrder = new ArrayList<>(); // as the file has them
    private final StoredModule root;
    private final List<StoredTensors.Example> tracedInputs;

    private Archive(ZipDirectory zip) {
        this.zip = zip;
        this.top = top(zip);
        checkVersion();
        this.tensors = new StoredTensors(zip, top + "data/");
        readCode();
        if (!(Pickle.read(bytes("data.pkl"), "data.pkl") instanceof Pickle.Instance instance)) {
            throw Refusal.at("data.pkl", "it holds no module");
        }
        this.root = module(instance, "");
        readConstants();
        this.tracedInputs = readTracedInputs();
        if (root.method("forward") == null) {
            throw Refusal.at(root.code.file(), "class " + root.type + " has no forward");
        }
    }

    static Archive open(Path file) throws IOException {
        ByteBuffer map = FileMap.of(file);
        if (map.get(0) == (byte) 0x80) {
            throw Refusal.at(
                    "byte 0",
                    "this is a pickle: what torch.save wrote before torch 1.6, weights or a module,"
                            + " not TorchScript");
        }
        return new Archive(ZipDirectory.of(map));
    }

    private static String top(ZipDirectory zip) {
        for (String name : zip.entries().keySet()) {
            if (name.endsWith("/constants.pkl") && name.indexOf('/') == name.lastIndexOf('/')) {
                return name.substring(0, name.indexOf('/') + 1);
            }
        }
        boolean pickled = zip.entries().keySet().stream().anyMatch(n -> n.endsWith("/data.pkl"));
        boolean exported =
                zip.entries().keySet().stream()
                        .anyMatch(
                                n ->
                                        n.endsWith("serialized_exported_program.json")
                                                || n.endsWith("archive_format"));
        throw Refusal.at(
                "the archive's entries",
                exported
                        ? "this is what torch.export.save writes, not TorchScript"
                        : pickled
                                ? "this is what torch.save writes, weights or a pickled module, not TorchScript"
                                : "the archive holds no TorchScript: constants.pkl is missing");
    }

    private void checkVersion() {
        String entry = zip.entries().containsKey(top + "version") ? "version" : ".data/version";
        String text = new String(bytes(entry), StandardCharsets.US_ASCII).strip();
        int version;
        try {
            version = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Refusal.at(
                    entry,
                    "the version is '" + text.substring(0, Math.min(20, text.length())) + "'");
        }
        if (version < 1 || version > NEWEST_VERSION) {
            throw Refusal.at(
                    entry,
                    "the archive has version " + version + ", known are 1 to " + NEWEST_VERSION,
                    "save it with torch 1.8 to 2.x");
        }
    }

    private byte[] bytes(String name) {
        ZipDirectory.Entry entry = zip.entries().get(top + name);
        if (entry == null) {
            throw Refusal.at(
                    "the archive's entries",
                    "the archive holds no TorchScript: " + name + " is missing");
        }
        return zip.bytes(entry);
    }

    private void readCode() {
        String prefix = top + "code/";
        for (ZipDirectory.Entry entry : zip.entries().values()) {
            if (!entry.name().startsWith(prefix) || !entry.name().endsWith(".py")) {
                continue;
            }
            String file = entry.name().substring(top.length());
            String scope = file.substring("code/".length(), file.length() - 3).replace('/', '.');
            Code.Unit unit =
                    Parser.parse(new String(zip.bytes(entry), StandardCharsets.UTF_8), file);
            unit.classes().forEach(type -> classes.put(scope + "." + type.name(), type));
            unit.functions()
                    .forEach(function -> functions.put(scope + "." + function.name(), function));
        }
        if (classes.isEmpty()) {
            throw Refusal.at(
                    "the archive's entries", "the archive holds no TorchScript: it has no code");
        }
        classes.values().forEach(this::resolveAttributes);
    }

    /**
     * An attribute's class must exist: a file that was cut inside a name is valid syntax all the
     * same.
     */
    private void resolveAttributes(Code.ClassType type) {
        for (Code.Statement statement : type.attributes()) {
            Code.Expression declared = null;
            if (statement instanceof Code.Declare declare) {
                declared = declare.type();
            } else if (statement instanceof Code.Assign assign
                    && assign.target() instanceof Code.Index) {
                declared = assign.value();
            }
            String path = declared == null ? null : path(declared);
            if (path != null && path.startsWith("__torch__.") && !classes.containsKey(path)) {
                throw Refusal.at(
                        type.file() + ", class " + type.name(),
                        "an attribute is of class " + path + ", which the archive lacks");
            }
        }
    }

    /** Return {@code a.b.c} for an expression of that form, else null. */
    static @Nullable String path(Code.Expression expression) {
        if (expression instanceof Code.Name name) {
            return name.name();
        }
        if (expression instanceof Code.Attribute attribute) {
            String of = path(attribute.of());
            return of == null ? null : of + "." + attribute.name();
        }
        return null;
    }

    private void readConstants() {
        if (!(Pickle.read(bytes("constants.pkl"), "constants.pkl") instanceof List<?> values)) {
            throw Refusal.at("constants.pkl", "it holds no list of constants");
        }
        StoredTensors stored = new StoredTensors(zip, top + "constants/");
        for (int i = 0; i < values.size(); i++) {
            constants.add(value(values.get(i), "CONSTANTS.c" + i, stored));
        }
    }

    private StoredModule module(Pickle.Instance instance, String path) {
        StoredModule known = modules.get(instance);
        if (known != null) {
            return known;
        }
        Code.ClassType type = classes.get(instance.type);
        if (type == null) {
            throw Refusal.at(
                    path.isEmpty() ? "data.pkl" : path,
                    "its class " + instance.type + " has no code");
        }
        StoredModule module = new StoredModule(path, instance.type, type);
        modules.put(instance, module);
        inOrder.add(module);
        instance.attributes.forEach(
                (key, value) -> {
                    String name = String.valueOf(key);
                    String place = path.isEmpty() ? name : path + "." + name;
                    module.attributes.put(name, value(value, place, tensors));
                });
        return module;
    }

    private @Nullable Object value(@Nullable Object value, String place, StoredTensors stored) {
        if (value instanceof Pickle.Instance instance) {
            return module(instance, place);
        }
        if (value instanceof Pickle.Call call) {
            return stored.parameter(call, place);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                values.add(value(list.get(i), place + "." + i, stored));
            }
            return values;
        }
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
            map.forEach((k, v) -> values.put(k, value(v, place + "." + k, stored)));
            return values;
        }
        return value;
    }

    StoredModule root() {
        return root;
    }

    Map<String, Code.ClassType> classes() {
        return classes;
    }

    Map<String, Code.Function> functions() {
        return functions;
    }

    List<@Nullable Object> constants() {
        return constants;
    }

    /**
     * Return every weight of the archive under its path, in the file's order; of a frozen file its
     * constants.
     */
    Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        for (StoredModule module : inOrder) {
            module.attributes.forEach(
                    (name, value) -> {
                        if (value instanceof Parameter parameter) {
                            all.putIfAbsent(parameter.name(), parameter);
                        }
                    });
        }
        for (Object constant : constants) {
            if (constant instanceof Parameter parameter) {
                all.putIfAbsent(parameter.name(), parameter);
            }
        }
        return all;
    }

    /**
     * Return what the inputs were that the model was traced with, or an empty list if it was not
     * traced.
     */
    List<StoredTensors.Example> tracedInputs() {
        return tracedInputs;
    }

    /** An example only: one that is no list of tensors, or too large to be true, says nothing. */
    private List<StoredTensors.Example> readTracedInputs() {
        if (!zip.entries().containsKey(top + "traced_inputs.pkl")) {
            return List.of();
        }
        Object traced = Pickle.read(bytes("traced_inputs.pkl"), "traced_inputs.pkl");
        Object forward = traced instanceof Map<?, ?> map ? map.get("forward") : null;
        List<StoredTensors.Example> examples = new ArrayList<>();
        if (forward instanceof List<?> inputs) {
            for (Object input : inputs) {
                if (!(input instanceof Pickle.Call call)) {
                    return List.of();
                }
                StoredTensors.Example example = StoredTensors.example(call, "traced_inputs.pkl");
                if (elements(example.shape()) > MAX_EXAMPLE) {
                    return List.of();
                }
                examples.add(example);
            }
        }
        return List.copyOf(examples);
    }

    private static double elements(Shape shape) {
        double elements = 1; // a long could overflow
        for (long size : shape.getShape()) {
            elements *= size;
        }
        return elements;
    }
}
