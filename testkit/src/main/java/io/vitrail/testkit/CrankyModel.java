package io.vitrail.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import java.util.List;

/** A model whose native calls may fail. */
record CrankyModel(Model model, CrankyEngine crank) implements Model {
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
        crank.call("layers");
        return model.layers(inputs);
    }

    @Override
    public Pass run(Probe probe, NDList inputs) {
        crank.call("run");
        Pass pass = model.run(probe, inputs);
        crank.watch(pass.manager());
        return new CrankyPass(pass, crank);
    }

    @Override
    public NDManager newManager() {
        crank.call("newManager");
        return crank.watch(model.newManager());
    }

    @Override
    public void close() {
        model.close();
    }
}
