package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import java.util.List;

/** A caller's target under a name of its own. */
record NamedTarget(Target target, String spelling) implements Target {
    @Override
    public NDArray score(NDList values) {
        return target.score(values);
    }

    @Override
    public List<Source> sources() {
        return target.sources();
    }

    @Override
    public long[] classes(NDList values) {
        return target.classes(values);
    }

    @Override
    public long[] picked(NDList values) {
        return target.picked(values);
    }
}
