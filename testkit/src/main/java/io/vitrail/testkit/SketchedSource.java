package io.vitrail.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A graph drawn in code, for any size of batch. */
final class SketchedSource implements GraphSource {
    private final String name;
    private final DataType type;
    private final Layout layout;
    private final Consumer<Sketch> drawing;

    SketchedSource(String name, DataType type, Consumer<Sketch> drawing) {
        this(name, type, Layout.CHANNELS_FIRST, drawing);
    }

    SketchedSource(String name, DataType type, Layout layout, Consumer<Sketch> drawing) {
        this.name = name;
        this.type = type;
        this.layout = layout;
        this.drawing = drawing;
    }

    @Override
    public String format() {
        return "sketch";
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
        return draw(-1).inputs();
    }

    @Override
    public Graph graph(NDList inputs) {
        List<Graph.Port> ports = inputs();
        if (inputs.size() != ports.size()) {
            throw VitrailException.input(
                    name + ": " + inputs.size() + " inputs given, it takes " + ports.size());
        }
        for (int i = 0; i < ports.size(); i++) {
            Shape given = inputs.get(i).getShape();
            Shape wanted = ports.get(i).type().shape();
            if (given.dimension() != wanted.dimension()
                    || !given.slice(1).equals(wanted.slice(1))
                    || inputs.get(i).getDataType() != type) {
                throw VitrailException.input(
                        name
                                + ": input '"
                                + ports.get(i).name()
                                + "' is "
                                + inputs.get(i).getDataType()
                                + " "
                                + given
                                + ", it takes "
                                + type
                                + " "
                                + wanted);
            }
        }
        return draw(inputs.head().getShape().get(0));
    }

    private Graph draw(long batch) {
        Sketch sketch = new Sketch(type, batch, layout);
        drawing.accept(sketch);
        return sketch.graph();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
