package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Target;

/** A pass whose native calls may fail. */
record CrankyPass(Pass pass, CrankyEngine crank) implements Pass {
    @Override
    public Layers layers() {
        return pass.layers();
    }

    @Override
    public NDList inputs() {
        crank.call("inputs");
        return pass.inputs();
    }

    @Override
    public NDList outputs() {
        crank.call("outputs");
        return pass.outputs();
    }

    @Override
    public NDArray output(Layer layer) {
        crank.call("output of " + layer.name());
        return pass.output(layer);
    }

    @Override
    public NDList inputs(Layer layer) {
        crank.call("inputs of " + layer.name());
        return pass.inputs(layer);
    }

    @Override
    public NDArray score(Target target) {
        crank.call("score");
        return pass.score(target);
    }

    @Override
    public long[] classes(Target target) {
        crank.call("classes");
        return pass.classes(target);
    }

    @Override
    public NDList gradients(Target target, String sweep) {
        crank.call("gradients");
        return pass.gradients(target, sweep);
    }

    @Override
    public NDArray gradient(Target target, Layer layer, String sweep) {
        crank.call("gradient at " + layer.name());
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
    public String form() {
        return pass.form();
    }

    @Override
    public NDManager manager() {
        return pass.manager();
    }

    @Override
    public void close() {
        pass.close();
    }
}
