package io.vitrail.engine.djl.symbol;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.mxnet.SymbolTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A symbol with its arrays that was found sound; MXNet tells the shapes in it. */
final class SymbolSource implements GraphSource {
    private static final Pattern NODE = Pattern.compile("\\bv(\\d{1,7})\\b");

    private static final int USUAL_SIDE = 224;
    private static final int MOST_SIDE = 512;

    private final String name;
    private final SymbolFile symbol;
    private final Map<String, Parameter> weights;
    private final SymbolTypes types;
    private final List<Integer> variables = new ArrayList<>(); // those that are inputs
    private final List<Graph.Port> inputs = new ArrayList<>();

    /**
     * Let MXNet read it.
     *
     * @param symbol in inference form
     */
    SymbolSource(String name, SymbolFile symbol, Map<String, Parameter> weights) {
        this.name = name;
        this.symbol = symbol;
        this.weights = weights;
        try {
            this.types = new SymbolTypes(InferenceForm.json(symbol));
        } catch (EngineException e) {
            throw Refusal.at("the symbol", said(e, symbol));
        }
        DataType type =
                weights.values().stream()
                        .map(Parameter::type)
                        .filter(DataType::isFloating)
                        .findFirst()
                        .orElse(DataType.FLOAT32);
        for (int i = 0; i < symbol.nodes().size(); i++) {
            SymbolNode node = symbol.nodes().get(i);
            if (node.isVariable() && !weights.containsKey(node.name())) {
                Shape shape = FirstLook.input(symbol, weights, i);
                variables.add(i);
                inputs.add(
                        new Graph.Port(
                                node.name(),
                                new ArrayType(shape, type, Axes.channelsFirst(shape.dimension()))));
            }
        }
        if (inputs.size() == 1) {
            inputs.set(0, settled(inputs.get(0)));
        }
        if (inputs.isEmpty()) {
            types.close();
            throw Refusal.at("the symbol", "it has no input: every variable is in the parameters");
        }
    }

    /**
     * Return an input with rows and columns where the file leaves them open and a matrix behind
     * flattened pictures settles them: the smallest square that fits.
     */
    private Graph.Port settled(Graph.Port port) {
        Shape shape = port.type().shape();
        boolean picture = shape.dimension() == 4 && shape.get(1) > 0 && shape.get(2) < 0;
        if (!picture || fits(port, USUAL_SIDE)) {
            return port;
        }
        for (int side = 1; side <= MOST_SIDE; side++) {
            if (fits(port, side)) {
                Shape square = new Shape(-1, shape.get(1), side, side);
                return new Graph.Port(
                        port.name(), new ArrayType(square, port.type().type(), port.type().axes()));
            }
        }
        return port;
    }

    private boolean fits(Graph.Port port, int side) {
        Shape square = new Shape(1, port.type().shape().get(1), side, side);
        try {
            types.infer(known(List.of(new SymbolTypes.Typed(square, port.type().type()))));
            return true;
        } catch (EngineException e) {
            return false;
        }
    }

    /** Return the first line of what MXNet says, nodes called by their names. */
    private static String said(EngineException e, SymbolFile symbol) {
        String whole = String.valueOf(e.getMessage());
        String marked = "MXNetError: ";
        String text = whole.substring(Math.max(whole.indexOf(marked), 0));
        text = text.replace(marked, "").strip().lines().findFirst().orElse("");
        Matcher unknown = Pattern.compile("(Cannot find argument '[^']*').*").matcher(text);
        Matcher in = Pattern.compile("in operator \\w+\\(name=\"(\\w+)\"").matcher(whole);
        if (unknown.matches()) {
            text = unknown.group(1) + (in.find() ? " of node " + in.group(1) : "");
        }
        return NODE.matcher(text)
                .replaceAll(
                        found -> {
                            int index = Integer.parseInt(found.group(1));
                            return Matcher.quoteReplacement(
                                    index < symbol.nodes().size()
                                            ? "'" + symbol.nodes().get(index).name() + "'"
                                            : found.group());
                        });
    }

    @Override
    public String format() {
        return "mxnet";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> engine() {
        return Optional.of("mxnet");
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.copyOf(inputs);
    }

    @Override
    public Graph graph(NDList given) {
        if (given.size() != inputs.size()) {
            throw VitrailException.input(
                    name
                            + ": the network has "
                            + inputs.size()
                            + " inputs ("
                            + String.join(", ", inputs.stream().map(Graph.Port::name).toList())
                            + "), got "
                            + given.size());
        }
        Map<String, SymbolTypes.Typed> known =
                known(
                        given.stream()
                                .map(
                                        array ->
                                                new SymbolTypes.Typed(
                                                        array.getShape(), array.getDataType()))
                                .toList());
        try {
            return new GraphDraft(symbol, weights, types.infer(known)).draw();
        } catch (EngineException e) {
            throw VitrailException.input(
                    name
                            + ": the network does not take inputs of shape "
                            + given.stream().map(array -> array.getShape().toString()).toList()
                            + "\n  MXNet: "
                            + said(e, symbol));
        } catch (Refusal refusal) {
            throw VitrailException.model(refusal.describe(name));
        }
    }

    /** Return what is known of all variables when the inputs are. */
    private Map<String, SymbolTypes.Typed> known(List<SymbolTypes.Typed> given) {
        Map<String, SymbolTypes.Typed> known = new LinkedHashMap<>();
        for (int i = 0; i < given.size(); i++) {
            known.put("v" + variables.get(i), given.get(i));
        }
        for (int i = 0; i < symbol.nodes().size(); i++) {
            SymbolNode node = symbol.nodes().get(i);
            Parameter weight = node.isVariable() ? weights.get(node.name()) : null;
            if (weight != null) {
                known.put("v" + i, new SymbolTypes.Typed(weight.shape(), weight.type()));
            }
        }
        return known;
    }

    @Override
    public void close() {
        types.close();
    }
}
