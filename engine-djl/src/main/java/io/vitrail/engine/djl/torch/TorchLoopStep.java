package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.engine.djl.plan.LoopRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A loop where a rule stands, or with layers inside of it where rules stand. */
final class TorchLoopStep implements LoopRules.LoopStep {
    /**
     * What a loop was run with.
     *
     * @param inputs all that it reads
     * @param outputs which of its outputs were computed
     * @param count how many it has
     */
    record Loop(NDList inputs, List<Integer> outputs, int count) {}

    private final TorchStep whole;
    private final Loop loop;
    private final Function<LoopRules, LoopBack> backs;
    private final NDManager work;

    /**
     * Create it.
     *
     * @param whole the loop taped as one
     * @param backs compiles ways back, and keeps them
     * @param work owns what comes out
     */
    TorchLoopStep(TorchStep whole, Loop loop, Function<LoopRules, LoopBack> backs, NDManager work) {
        this.whole = whole;
        this.loop = loop;
        this.backs = backs;
        this.work = work;
    }

    @Override
    public NDList through(LoopRules rules) {
        List<@Nullable NDArray> heads = new ArrayList<>();
        for (int k = 0; k < loop.count(); k++) {
            int at = loop.outputs().indexOf(k);
            heads.add(at < 0 ? null : whole.gradients().get(at));
        }
        List<@Nullable NDArray> found = backs.apply(rules).gradients(loop.inputs(), heads, work);
        NDList floating = new NDList();
        for (int i = 0; i < loop.inputs().size(); i++) {
            NDArray input = loop.inputs().get(i);
            if (input.getDataType().isFloating()) {
                NDArray gradient = found.get(i);
                floating.add(gradient != null ? gradient : input.zerosLike());
            }
        }
        return floating;
    }

    @Override
    public Layer layer() {
        return whole.layer();
    }

    @Override
    public NDList inputs() {
        return whole.inputs();
    }

    @Override
    public NDList outputs() {
        return whole.outputs();
    }

    @Override
    public NDList gradients() {
        return whole.gradients();
    }

    @Override
    public NDList plain(NDList heads) {
        return whole.plain(heads);
    }

    @Override
    public Step with(BiFunction<String, NDArray, NDArray> change) {
        return whole.with(change);
    }
}
