package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Runs a {@link FakeNetwork} and counts; knows the plain gradient at the input only. */
final class FakeEngine implements Engine {
    final List<Probe> runs = new ArrayList<>();
    final Set<String> unreachable = new TreeSet<>();
    String missing = "";

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String missing() {
        return missing;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Model load(GraphSource source, Settings settings) {
        return new FakeModel((FakeNetwork) source);
    }

    private final class FakeModel implements Model {
        private final FakeNetwork network;

        FakeModel(FakeNetwork network) {
            this.network = network;
        }

        @Override
        public String name() {
            return network.name();
        }

        @Override
        public String format() {
            return network.format();
        }

        @Override
        public String engine() {
            return "fake";
        }

        @Override
        public List<Graph.Port> inputs() {
            return network.inputs();
        }

        @Override
        public Layers layers(NDList inputs) {
            return new Layers(name(), network.graph(inputs));
        }

        @Override
        public Pass run(Probe probe, NDList inputs) {
            runs.add(probe);
            return new FakePass(this, probe, inputs, newManager());
        }

        @Override
        public NDManager newManager() {
            return NDManager.newBaseManager("PyTorch");
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private final class FakePass implements Pass {
        private final FakeModel model;
        private final Probe probe;
        private final NDList inputs;
        private final NDManager manager;
        private final NDList values;

        FakePass(FakeModel model, Probe probe, NDList inputs, NDManager manager) {
            this.model = model;
            this.probe = probe;
            this.inputs = inputs;
            this.manager = manager;
            this.values = model.network.values(inputs.head());
        }

        @Override
        public Layers layers() {
            return model.layers(inputs);
        }

        @Override
        public NDList inputs() {
            return inputs;
        }

        @Override
        public NDList outputs() {
            NDList outputs = new NDList();
            model.network.outputs.forEach(
                    name -> outputs.add(values.get(model.network.index(name) + 1)));
            return outputs;
        }

        @Override
        public NDArray output(Layer layer) {
            if (probe.outputs().stream().noneMatch(one -> one.value().equals(layer.value()))) {
                throw new IllegalArgumentException(layer + " was not kept");
            }
            return at(layer.value(), values);
        }

        @Override
        public NDList inputs(Layer layer) {
            return new NDList(at(layer.inputs().get(0), values));
        }

        private static NDArray at(Value value, NDList values) {
            return value instanceof Value.Output output
                    ? values.get(output.node() + 1)
                    : values.get(0);
        }

        private NDList read(Target target, NDList from) {
            List<Source> sources = target.sources();
            NDList read = new NDList();
            if (sources.isEmpty()) {
                model.network.outputs.forEach(
                        name -> read.add(from.get(model.network.index(name) + 1)));
            }
            for (Source source : sources) {
                read.add(
                        source instanceof Source.Output output
                                ? from.get(
                                        model.network.index(
                                                        model.network.outputs.get(output.index()))
                                                + 1)
                                : at(((Source.At) source).value(), from));
            }
            return read;
        }

        @Override
        public NDArray score(Target target) {
            return target.score(read(target, values));
        }

        @Override
        public long[] classes(Target target) {
            return target.classes(read(target, values));
        }

        @Override
        public NDList gradients(Target target, String sweep) {
            if (!probe.sweeps().containsKey(sweep)) {
                throw new IllegalArgumentException("no sweep " + sweep);
            }
            try (NDManager own = newManager();
                    GradientCollector collector =
                            ai.djl.engine.Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray leaf = own.create(inputs.head().getShape());
                inputs.head().copyTo(leaf);
                leaf.setRequiresGradient(true);
                collector.backward(target.score(read(target, model.network.values(leaf))).sum());
                NDArray gradient = leaf.getGradient().duplicate();
                gradient.attach(manager);
                return new NDList(gradient);
            }
        }

        private NDManager newManager() {
            return model.newManager();
        }

        @Override
        public NDArray gradient(Target target, Layer layer, String sweep) {
            throw new UnsupportedOperationException("at the input only");
        }

        @Override
        public int rulesAt(String sweep) {
            return probe.sweeps().get(sweep).rules().size();
        }

        @Override
        public boolean reaches(Target target, Layer layer) {
            return !unreachable.contains(layer.name());
        }

        @Override
        public NDManager manager() {
            return manager;
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
