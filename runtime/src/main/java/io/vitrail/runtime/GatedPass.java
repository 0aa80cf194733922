package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Target;

/** A pass each call of which goes through a {@link Gate}, as does each call of its arrays. */
record GatedPass(Pass pass, GatedArrays arrays) implements Pass {
    private Gate gate() {
        return arrays.gate();
    }

    @Override
    public Layers layers() {
        return gate().through(pass::layers);
    }

    @Override
    public NDList inputs() {
        return arrays.of(gate().through(() -> pass.inputs()));
    }

    @Override
    public NDList outputs() {
        return arrays.of(gate().through(pass::outputs));
    }

    @Override
    public NDArray output(Layer layer) {
        return arrays.of(gate().through(() -> pass.output(layer)));
    }

    @Override
    public NDList inputs(Layer layer) {
        return arrays.of(gate().through(() -> pass.inputs(layer)));
    }

    @Override
    public NDArray score(Target target) {
        return arrays.of(gate().through(() -> pass.score(target)));
    }

    @Override
    public long[] classes(Target target) {
        return gate().through(() -> pass.classes(target));
    }

    @Override
    public NDList gradients(Target target, String sweep) {
        return arrays.of(gate().through(() -> pass.gradients(target, sweep)));
    }

    @Override
    public NDArray gradient(Target target, Layer layer, String sweep) {
        return arrays.of(gate().through(() -> pass.gradient(target, layer, sweep)));
    }

    @Override
    public int rulesAt(String sweep) {
        return gate().through(() -> pass.rulesAt(sweep));
    }

    @Override
    public boolean reaches(Target target, Layer layer) {
        return gate().through(() -> pass.reaches(target, layer));
    }

    @Override
    public NDManager manager() {
        return arrays.ofManager(gate().through(pass::manager));
    }

    /** Do nothing: the pass belongs to the runtime. */
    @Override
    public void close() {
        // left open on purpose
    }
}
