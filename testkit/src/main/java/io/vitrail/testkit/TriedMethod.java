package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The method of a contract, and what it is tried on. */
abstract class TriedMethod {
    /** Return the method to check. */
    protected abstract AttributionMethod method();

    /** Return the engine to run it on; by default the first on the test's path. */
    protected Engine engine() {
        return TestModels.engine();
    }

    final Model load(GraphSource source) {
        return engine().load(source, Engine.Settings.defaults());
    }

    /** Return a network that the method can explain; by default {@link TinyNetworks#m1()}. */
    protected GraphSource network() {
        return TinyNetworks.m1();
    }

    /**
     * Return {@link #network()} with channels last, empty if there is none; by default {@link
     * TinyNetworks#m1ChannelsLast()}.
     */
    protected Optional<GraphSource> networkWithChannelsLast() {
        return Optional.of(TinyNetworks.m1ChannelsLast());
    }

    /**
     * Return {@link #network()} in double, empty if there is none; by default {@link
     * TinyNetworks#m1(DataType)}.
     */
    protected Optional<GraphSource> networkInDouble() {
        return Optional.of(TinyNetworks.m1(DataType.FLOAT64));
    }

    /**
     * Return the layers to explain at, by default {@code relu1} for a method whose caller must
     * choose.
     */
    protected List<String> layers() {
        return method().place() == AttributionMethod.Place.LAYERS ? List.of("relu1") : List.of();
    }

    /** Return a target for {@link #network()}; by default class 0. */
    protected Target target() {
        return Targets.classIndex(0);
    }

    /**
     * Return options to try the method with, as the command line spells them; by default none. A
     * method of many passes is tried faster with few.
     */
    protected Map<String, String> settings() {
        return Map.of();
    }

    final Trial trial() {
        return new Trial(method(), layers(), target(), settings());
    }

    final NDArray batch(NDManager manager, Model model, int items) {
        long[] shape = model.inputs().get(0).type().shape().getShape();
        shape[0] = items;
        Shape whole = new Shape(shape);
        float[] counting = new float[(int) whole.size()];
        int size = counting.length / items;
        for (int i = 0; i < counting.length; i++) {
            // the first item counts up, the second down: different gates open
            counting[i] = i / size % 2 == 0 ? i % size : size - 1 - i % size;
        }
        return manager.create(counting, whole);
    }
}
