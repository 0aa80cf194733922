package io.vitrail.format.keras;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Services;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.format.keras.file.StoredModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A Keras model; its graph follows from the shapes of the inputs, whatever engine runs it. */
final class KerasSource implements GraphSource {
    /** A size to try a network with where the file leaves one open. */
    private static final long TRIED = 224;

    private final String name;
    private final ModelCalls calls;
    private final List<Graph.Port> ports;

    private KerasSource(String name, ModelCalls calls) {
        this.name = name;
        this.calls = calls;
        this.ports = calls.ports();
    }

    /**
     * Check a model as far as its file tells: every layer, and every weight that it reads.
     *
     * @param name of the file
     * @throws VitrailException if a layer is not read, or does not fit what comes before it
     */
    static KerasSource of(String name, StoredModel model, Services services) {
        KerasLayers readers = KerasLayers.find(services);
        readers.check(model);
        KerasSource source = new KerasSource(name, new ModelCalls(model, readers));
        source.tryOut();
        return source;
    }

    /** Where sizes are open, a shape that does not fit may be the fault of the tried ones. */
    private void tryOut() {
        boolean assumed = false;
        List<Shape> shapes = new ArrayList<>();
        for (Graph.Port port : ports) {
            long[] sizes = port.type().shape().getShape().clone();
            if (sizes.length == 0) {
                return; // not even the rank is known
            }
            sizes[0] = Math.max(sizes[0], 1);
            for (int i = 1; i < sizes.length; i++) {
                assumed |= sizes[i] < 0;
                sizes[i] = sizes[i] < 0 ? TRIED : sizes[i];
            }
            shapes.add(new Shape(sizes));
        }
        try {
            calls.graph(typed(shapes));
        } catch (UnfitShape e) {
            if (!assumed) {
                throw e;
            }
        }
    }

    private List<Graph.Port> typed(List<Shape> shapes) {
        List<Graph.Port> typed = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Graph.Port port = ports.get(i);
            Shape shape = shapes.get(i);
            DataType type = port.type().type();
            boolean open = port.type().shape().dimension() == 0;
            typed.add(
                    new Graph.Port(
                            port.name(),
                            new ArrayType(
                                    shape,
                                    type,
                                    open
                                            ? calls.layout().axes(shape.dimension())
                                            : port.type().axes())));
        }
        return typed;
    }

    @Override
    public String format() {
        return KerasFormat.ID;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty();
    }

    @Override
    public List<Graph.Port> inputs() {
        return ports;
    }

    @Override
    public Graph graph(NDList inputs) {
        List<Shape> shapes = inputs.stream().map(NDArray::getShape).toList();
        if (shapes.size() != ports.size()) {
            throw VitrailException.input(
                    name
                            + ": takes "
                            + ports.size()
                            + " inputs, not "
                            + shapes.size()
                            + "\n  inputs:  "
                            + String.join(", ", ports.stream().map(this::declared).toList()));
        }
        for (int i = 0; i < shapes.size(); i++) {
            check(ports.get(i), shapes.get(i));
        }
        try {
            return calls.graph(typed(shapes));
        } catch (UnfitShape e) {
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    "an input of shape " + shapes + " does not fit the model\n  " + e.getMessage(),
                    e);
        }
    }

    /** The batch is free, whatever the file says of it. */
    private void check(Graph.Port port, Shape shape) {
        long[] wanted = port.type().shape().getShape();
        long[] sizes = shape.getShape();
        boolean fits =
                wanted.length == 0
                        || wanted.length == sizes.length
                                && IntStream.range(1, sizes.length)
                                        .allMatch(i -> wanted[i] < 0 || wanted[i] == sizes[i]);
        if (!fits) {
            throw VitrailException.input(
                    name
                            + ": input '"
                            + port.name()
                            + "' has the shape "
                            + shape
                            + "\n  instead: "
                            + declared(port));
        }
    }

    private String declared(Graph.Port port) {
        return port.name() + " " + port.type().shape();
    }

    /** Nothing is open: the arrays that are made of the file hold it, and nothing else does. */
    @Override
    public void close() {}
}
