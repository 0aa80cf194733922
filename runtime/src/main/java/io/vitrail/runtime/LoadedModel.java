package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model together with what is said about it elsewhere.
 *
 * @param sidecar what lies beside its file
 * @param translator that of the DJL model that it is, or null if it came from elsewhere
 */
record LoadedModel(Model model, Sidecar sidecar, @Nullable OwnTranslator translator)
        implements Model {
    LoadedModel(Model model, Sidecar sidecar) {
        this(model, sidecar, null);
    }

    /** Return the translator of a model, if it has one. */
    static Optional<OwnTranslator> translator(Model model) {
        return model instanceof LoadedModel loaded
                ? Optional.ofNullable(loaded.translator)
                : Optional.empty();
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
