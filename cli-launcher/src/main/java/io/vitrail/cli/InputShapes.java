package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Prepared;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Sidecar;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Find a shape for a model's inputs where a listing needs one. */
final class InputShapes {
    /** Rows and columns where nobody says how many. */
    private static final long ASSUMED_SIDE = 224;

    private final Model model;
    private final Sidecar sidecar;
    private final Optional<Shape> asked;
    private final @Nullable Preprocessing preprocess;

    InputShapes(Model model, Optional<Shape> asked, @Nullable Preprocessing preprocess) {
        this.model = model;
        this.sidecar = Vitrail.sidecar(model);
        this.asked = asked;
        this.preprocess = preprocess;
    }

    /**
     * What was found.
     *
     * @param layers the layers for that shape
     * @param inputs the input that was given, else zeros
     * @param assumed whether any size was assumed
     */
    record Found(Layers layers, NDList inputs, boolean assumed) {}

    /**
     * List the layers for an input's shape, else for that of {@code --shape}, of the sidecar, of
     * the file, else for an assumed one.
     *
     * @throws VitrailException of kind {@code USAGE} if no shape can be found
     */
    Found find(@Nullable Path input, NDManager manager) {
        if (input == null && asked.isPresent()) {
            try {
                return found(null, manager);
            } catch (VitrailException e) {
                if (e.kind() != VitrailException.Kind.INPUT) {
                    throw e;
                }
                throw AskedShape.refused(asked.get(), e.getMessage()); // it was typed, not read
            }
        }
        return found(input, manager);
    }

    private Found found(@Nullable Path input, NDManager manager) {
        if (input != null) {
            NDList given =
                    InputFiles.isArray(input)
                            ? ArrayFile.read(input, model, manager).arrays()
                            : picture(input, manager);
            return new Found(model.layers(given), given, false);
        }
        List<Graph.Port> ports = model.inputs();
        NDList zeros = new NDList();
        boolean assumed = false;
        for (int i = 0; i < ports.size(); i++) {
            Shape stated = stated(i, ports.get(i));
            if (stated.dimension() == 0 && ports.size() > 1) {
                throw unknown();
            }
            assumed |= isOpen(stated);
            zeros.add(manager.zeros(filled(stated, ports.get(i)), type(ports.get(i))));
        }
        if (ports.size() != 1) {
            return new Found(model.layers(zeros), zeros, assumed);
        }
        if (!assumed) {
            return floatsOrWholeNumbers(zeros);
        }
        List<NDList> guesses = new ArrayList<>(List.of(zeros));
        for (long channels : new long[] {3, 1}) {
            Shape picture = new Shape(1, channels, ASSUMED_SIDE, ASSUMED_SIDE);
            guesses.add(new NDList(manager.zeros(picture, type(ports.get(0)))));
        }
        return firstThatRuns(guesses);
    }

    /** A scripted file does not say of which type its input is. */
    private Found floatsOrWholeNumbers(NDList floats) {
        try {
            return new Found(model.layers(floats), floats, false);
        } catch (VitrailException e) {
            if (e.kind() != VitrailException.Kind.INPUT || !isFloating(floats)) {
                throw e;
            }
            NDList whole = new NDList(floats.head().toType(DataType.INT64, true));
            try {
                return new Found(model.layers(whole), whole, false);
            } catch (VitrailException second) {
                throw e; // what floats met is what most networks would say
            }
        }
    }

    private static boolean isFloating(NDList arrays) {
        return arrays.head().getDataType().isFloating();
    }

    /** What a file says of its input may be less than what its network can do. */
    private Found firstThatRuns(List<NDList> guesses) {
        for (NDList guess : guesses) {
            try {
                return new Found(model.layers(guess), guess, true);
            } catch (VitrailException e) {
                if (e.kind() == VitrailException.Kind.MODEL) {
                    throw e; // refused for what it contains, whatever it is fed
                }
            }
        }
        throw unknown();
    }

    /** DJL cannot make bfloat16; a model of that type takes floats for it. */
    private static DataType type(Graph.Port port) {
        DataType type = port.type().type();
        return type == DataType.BFLOAT16 ? DataType.FLOAT32 : type;
    }

    private Shape stated(int index, Graph.Port port) {
        if (index == 0 && asked.isPresent()) {
            return AskedShape.checked(asked.get(), model);
        }
        if (index == 0 && !sidecar.shape().isEmpty()) {
            return new Shape(sidecar.shape().stream().mapToLong(Long::longValue).toArray());
        }
        return port.type().shape();
    }

    /** An open batch is no assumption: the layers are the same for any. */
    private static boolean isOpen(Shape shape) {
        if (shape.dimension() == 0) {
            return true;
        }
        for (int axis = 1; axis < shape.dimension(); axis++) {
            if (shape.get(axis) < 0) {
                return true;
            }
        }
        return false;
    }

    private Shape filled(Shape shape, Graph.Port port) {
        if (shape.dimension() == 0) {
            return new Shape(1, 3, ASSUMED_SIDE, ASSUMED_SIDE);
        }
        long[] sizes = shape.getShape().clone();
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] < 0) {
                boolean space = port.type().axes().spatial().contains(axis);
                sizes[axis] = axis == 0 ? 1 : space ? ASSUMED_SIDE : 3;
            }
        }
        return new Shape(sizes);
    }

    private VitrailException unknown() {
        String byOption = model.inputs().size() == 1 ? ", or --shape 1x3x224x224" : "";
        return VitrailException.usage(
                model.name()
                        + ": the shape of its input is not known\n  do: give an INPUT"
                        + byOption);
    }

    private NDList picture(Path file, NDManager manager) {
        Preprocessing spec = preprocess;
        if (spec == null && !sidecar.preprocess().isEmpty()) {
            spec = Preprocessing.parse(sidecar.preprocess());
        }
        Graph.Port port = model.inputs().get(0);
        if (spec != null) {
            spec = PictureSize.defaulted(spec, stated(0, port));
        }
        if (spec == null || !spec.hasSize()) {
            throw VitrailException.usage(
                    file
                            + ": how this picture becomes an input is not known\n  do: give --preprocess with a size, or --shape\n"
                            + Preprocessing.presets());
        }
        boolean channelsLast =
                port.type().axes().channel() == port.type().shape().dimension() - 1
                        && port.type().shape().dimension() > 2;
        Prepared ready = spec.apply(Picture.read(file), channelsLast);
        Shape shape =
                channelsLast
                        ? new Shape(1, ready.height(), ready.width(), ready.channels())
                        : new Shape(1, ready.channels(), ready.height(), ready.width());
        return new NDList(manager.create(ready.data(), shape));
    }
}
