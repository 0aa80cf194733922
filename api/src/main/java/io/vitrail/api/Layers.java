package io.vitrail.api;

import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a network, in execution order.
 *
 * <p>Iterates over one layer a node. A module's name ({@code layer4}) is found as well, and stands
 * for its last node; where it is also that of a node, as {@code conv1} of a Keras layer with a
 * fused activation, the module is found.
 */
public final class Layers implements Iterable<Layer> {
    private final String model;
    private final Graph graph;
    private final List<Layer> nodes = new ArrayList<>();
    private final Map<String, Layer> byName = new LinkedHashMap<>();
    private volatile @Nullable Optional<Layer> lastSpatial;
    private final Map<String, Integer> inLoops = new HashMap<>(); // positions in the body

    /**
     * List the layers of a graph.
     *
     * @param model the model's name, for messages
     */
    public Layers(String model, Graph graph) {
        this.model = model;
        this.graph = graph;
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            Layer layer = layer(node.name(), new Value.Output(i, 0));
            if (node.operator() instanceof Operator.Scan scan) {
                new LoopLayers(node, i, scan, graph).all().forEach(this::add);
            }
            nodes.add(layer);
            byName.put(node.name(), layer);
        }
        graph.names()
                .forEach(
                        (name, value) -> {
                            if (value instanceof Value.Output) {
                                byName.put(name, layer(name, value));
                            }
                        });
    }

    private void add(int position, Layer layer) {
        nodes.add(layer);
        byName.put(layer.name(), layer);
        inLoops.put(layer.name(), position);
    }

    private Layer layer(String name, Value value) {
        Value.Output output = (Value.Output) value;
        Node node = graph.nodes().get(output.node());
        long weights = node.parameters().values().stream().mapToLong(Layers::elements).sum();
        return new Layer(
                name,
                node.operator(),
                value,
                node.inputs(),
                node.inputs().stream().map(graph::type).toList(),
                node.outputs().get(output.index()),
                weights);
    }

    private static long elements(Parameter parameter) {
        return parameter.shape().size();
    }

    /** Return the model's name. */
    public String model() {
        return model;
    }

    /** Return the graph that these are the layers of. */
    public Graph graph() {
        return graph;
    }

    /** Return the names and types of the network's inputs. */
    public List<Graph.Port> inputs() {
        return graph.inputs();
    }

    /**
     * Fetch a layer by its name or its module's.
     *
     * @throws VitrailException if there is none; the message has the nearest names
     */
    public Layer get(String name) {
        Layer layer = byName.get(name);
        if (layer == null) {
            String nearest = String.join(", ", NearestNames.of(name, byName.keySet()));
            throw VitrailException.usage(
                    model
                            + ": no layer '"
                            + name
                            + "'"
                            + (nearest.isEmpty() ? "" : "\n  nearest: " + nearest)
                            + "\n  all:     vitrail layers "
                            + model);
        }
        return layer;
    }

    /**
     * Fetch the layers that a name or a glob stands for, in execution order.
     *
     * <p>{@code *} stands for any characters, {@code ?} for one. A glob picks among nodes and
     * modules; a value that several names share comes once.
     *
     * @throws VitrailException if nothing fits
     */
    public List<Layer> glob(String glob) {
        if (byName.containsKey(glob) || !glob.contains("*") && !glob.contains("?")) {
            return List.of(get(glob));
        }
        Pattern pattern =
                Pattern.compile(
                        Pattern.compile("[*?]|[^*?]+")
                                .matcher(glob)
                                .results()
                                .map(part -> regex(part.group()))
                                .collect(Collectors.joining()));
        Map<Value, Layer> found = new LinkedHashMap<>();
        for (Map.Entry<String, Layer> entry : byName.entrySet()) {
            if (pattern.matcher(entry.getKey()).matches()) {
                found.putIfAbsent(entry.getValue().value(), entry.getValue());
            }
        }
        if (found.isEmpty()) {
            throw VitrailException.usage(
                    model + ": no layer fits '" + glob + "'\n  all:     vitrail layers " + model);
        }
        List<Layer> inOrder = new ArrayList<>(found.values());
        inOrder.sort(
                java.util.Comparator.comparingInt(layer -> ((Value.Output) layer.value()).node()));
        return inOrder;
    }

    private static String regex(String part) {
        return switch (part) {
            case "*" -> ".*";
            case "?" -> ".";
            default -> Pattern.quote(part);
        };
    }

    /** Return the layers, one a node, for which a predicate holds, in execution order. */
    public List<Layer> matching(Predicate<Layer> predicate) {
        return nodes.stream().filter(predicate).collect(Collectors.toUnmodifiableList());
    }

    /**
     * Return the last layer with a spatial output of more than one position, the default of CAM
     * methods.
     *
     * <p>Where modules share its value, under the shortest of the names. What is inside of a
     * recurrent layer does not count, nor the steps of one that returns only its last: then it is
     * the layer that feeds it.
     */
    public Optional<Layer> lastSpatial() {
        Optional<Layer> found = lastSpatial;
        if (found == null) {
            found = findLastSpatial();
            lastSpatial = found;
        }
        return found;
    }

    private Optional<Layer> findLastSpatial() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Layer layer = nodes.get(i);
            if (layer.isSpatial()
                    && layer.type().type().isFloating()
                    && !(layer.operator() instanceof Operator.Constant)
                    && isFound(layer)
                    && !isInRecurrent(layer)) {
                return Optional.of(shortestName(layer));
            }
        }
        return Optional.empty();
    }

    /** Return whether a layer's name stands for itself, not for a module of the same name. */
    private boolean isFound(Layer layer) {
        return get(layer.name()).value().equals(layer.value());
    }

    private boolean isInRecurrent(Layer layer) {
        return inLoops.containsKey(layer.name())
                || graph.nodes().stream()
                        .filter(node -> node.operator() instanceof Operator.Scan)
                        .anyMatch(loop -> layer.name().startsWith(loop.name() + "/"));
    }

    /**
     * Return the layer that makes floating point numbers of an input of whole numbers, such as
     * tokens: the first one with weights, an embedding, else the first at all.
     *
     * @param input its position among {@link #inputs}
     */
    public Optional<Layer> reader(int input) {
        Set<Value> whole = new HashSet<>(Set.of(new Value.Input(input)));
        List<Layer> readers = new ArrayList<>();
        for (Layer layer : nodes) {
            boolean inLoop = inLoops.containsKey(layer.name());
            if (inLoop || layer.inputs().stream().noneMatch(whole::contains)) {
                continue;
            }
            if (layer.type().type().isFloating()) {
                readers.add(layer);
            } else {
                whole.add(layer.value());
            }
        }
        return readers.stream()
                .filter(layer -> layer.parameters() > 0)
                .findFirst()
                .or(() -> readers.stream().findFirst())
                .map(this::shortestName);
    }

    private Layer shortestName(Layer layer) {
        Layer shortest = layer;
        for (Layer other : byName.values()) {
            if (other.value().equals(layer.value())
                    && other.name().length() < shortest.name().length()) {
                shortest = other;
            }
        }
        return shortest;
    }

    /**
     * Return the softmax, log-softmax or sigmoid that an output of the network ends in, if it does.
     *
     * <p>Looks through operations that only rearrange elements.
     */
    public Optional<Layer> finalActivation(int output) {
        Value value = graph.outputs().get(output).value();
        while (value instanceof Value.Output at) {
            Node node = graph.nodes().get(at.node());
            Operator operator = node.operator();
            if (operator instanceof Operator.Softmax
                    || operator instanceof Operator.LogSoftmax
                    || operator instanceof Operator.Sigmoid) {
                return Optional.of(layer(node.name(), value));
            }
            if (!(operator instanceof Operator.Reshape
                    || operator instanceof Operator.Flatten
                    || operator instanceof Operator.Identity)) {
                return Optional.empty();
            }
            value = node.inputs().get(0);
        }
        return Optional.empty();
    }

    /**
     * Return the position of a layer among the nodes of the loop that it is part of, such as a ReLU
     * inside a recurrent cell; empty for a layer that runs once.
     */
    public OptionalInt inLoop(Layer layer) {
        Integer position = inLoops.get(layer.name());
        return position == null ? OptionalInt.empty() : OptionalInt.of(position);
    }

    /** Return the shape, type and axes of a value. */
    public ArrayType type(Value value) {
        return graph.type(value);
    }

    /** Return every name that {@link #get} knows. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Return the number of layers, one a node. */
    public int size() {
        return nodes.size();
    }

    @Override
    public Iterator<Layer> iterator() {
        return Collections.unmodifiableList(nodes).iterator();
    }
}
