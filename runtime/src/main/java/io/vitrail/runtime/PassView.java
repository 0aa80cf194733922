package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Target;
import java.util.Map;

/**
 * A shared pass as one method sees it: its sweeps have the names that it gave them.
 *
 * @param sweeps the name of each sweep in the pass, by the method's own
 */
record PassView(Pass pass, Map<String, String> sweeps) implements Pass {
    private String real(String sweep) {
        return sweeps.getOrDefault(sweep, sweep);
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
        return pass.gradients(target, real(sweep));
    }

    @Override
    public NDArray gradient(Target target, Layer layer, String sweep) {
        return pass.gradient(target, layer, real(sweep));
    }

    @Override
    public int rulesAt(String sweep) {
        return pass.rulesAt(real(sweep));
    }

    @Override
    public boolean reaches(Target target, Layer layer) {
        return pass.reaches(target, layer);
    }

    @Override
    public String form() {
        return pass.form();
    }

    @Override
    public NDManager manager() {
        return pass.manager();
    }

    /** Do nothing: the pass belongs to the runtime, and other methods still read it. */
    @Override
    public void close() {
        // left open on purpose
    }
}
