package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import java.util.List;

/** A model together with what its sidecar says. */
record LoadedModel(Model model, Sidecar sidecar) implements Model {
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
    public Pass run(Probe probe, NDList inputs) {
        return model.run(probe, inputs);
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
