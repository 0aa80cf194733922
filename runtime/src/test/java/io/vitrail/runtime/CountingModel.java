package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/** Counts what is asked of a model: passes, their items, ways back, and passes that are open. */
final class CountingModel implements Model {
    /** The number of items of each forward pass. */
    final List<Long> forward = new ArrayList<>();

    /** What each forward pass was to keep. */
    final List<Probe> probes = new ArrayList<>();

    /** The place of each gradient that was asked for: a layer's name, or {@code input}. */
    final List<String> backward = new ArrayList<>();

    int open;
    private final Model model;

    CountingModel(Model model) {
        this.model = model;
    }

    @Override
    public Pass run(Probe probe, NDList inputs) {
        forward.add(inputs.head().getShape().get(0));
        probes.add(probe);
        open++;
        return new Counting(model.run(probe, inputs));
    }

    private final class Counting implements Pass {
        private final Pass pass;

        Counting(Pass pass) {
            this.pass = pass;
        }

        @Override
        public Layers layers() {
            return pass.layers();
        }

        @Override
        public NDList inputs() {
            return pass.inputs();
        }

        @Override
        public NDList outputs() {
            return pass.outputs();
        }

        @Override
        public NDArray output(Layer layer) {
            return pass.output(layer);
        }

        @Override
        public NDList inputs(Layer layer) {
            return pass.inputs(layer);
        }

        @Override
        public NDArray score(Target target) {
            return pass.score(target);
        }

        @Override
        public long[] classes(Target target) {
            return pass.classes(target);
        }

        @Override
        public NDList gradients(Target target, String sweep) {
            backward.add("input");
            return pass.gradients(target, sweep);
        }

        @Override
        public NDArray gradient(Target target, Layer layer, String sweep) {
            backward.add(layer.name());
            return pass.gradient(target, layer, sweep);
        }

        @Override
        public int rulesAt(String sweep) {
            return pass.rulesAt(sweep);
        }

        @Override
        public boolean reaches(Target target, Layer layer) {
            return pass.reaches(target, layer);
        }

        @Override
        public NDManager manager() {
            return pass.manager();
        }

        @Override
        public void close() {
            open--;
            pass.close();
        }
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public String format() {
        return model.format();
    }

    @Override
    public String engine() {
        return model.engine();
    }

    @Override
    public List<Graph.Port> inputs() {
        return model.inputs();
    }

    @Override
    public Layers layers(NDList inputs) {
        return model.layers(inputs);
    }

    @Override
    public NDManager newManager() {
        return model.newManager();
    }

    @Override
    public void close() {
        model.close();
    }
}
