package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.UnitRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a compiled plan: a native call a stage, and libtorch's tape over each unit. */
final class TorchRun implements UnitRun {
    private final CompiledPlan compiled;
    private final Plan plan;
    private final Weights weights;
    private final NDManager manager;
    private final Map<String, NDArray> variables = new HashMap<>();

    /**
     * Create it.
     *
     * @param manager owns all that is made
     */
    TorchRun(CompiledPlan compiled, Weights weights, NDManager manager) {
        this.compiled = compiled;
        this.plan = compiled.plan();
        this.weights = weights;
        this.manager = manager;
    }

    TorchRun forward(Replacements replacements, NDList inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            variables.put("i" + i, LentMemory.copy(inputs.get(i), manager));
        }
        for (CompiledPlan.Stage stage : compiled.stages()) {
            NDList x = new NDList();
            stage.reads().forEach(name -> x.add(variables.get(name)));
            NDList results =
                    GradMode.with(
                            !plan.units().isEmpty(),
                            () -> stage.script().run(x, weights.get(stage.weights())));
            for (int i = 0; i < results.size(); i++) {
                variables.put(stage.defines().get(i), results.get(i));
            }
            for (Value value : stage.replaceAfter()) {
                NDArray original = alias(variables.get(CompiledPlan.variable(value)), manager);
                NDArray put = untaped(true, () -> own(replacements.of(value, original), manager));
                variables.put(CompiledPlan.seen(value, plan), put);
            }
        }
        return this;
    }

    @Override
    public <T> T untaped(boolean foreign, Supplier<T> work) {
        return GradMode.off(() -> foreign ? LentMemory.during(work) : work.get());
    }

    @Override
    public NDArray seen(Value value) {
        return Objects.requireNonNull(variables.get(CompiledPlan.seen(value, plan)));
    }

    @Override
    public NDArray leaf(int unit, int index) {
        return Objects.requireNonNull(variables.get(CompiledPlan.leaf(unit, index)));
    }

    @Override
    public @Nullable NDArray computed(Value value) {
        return variables.get(CompiledPlan.variable(value));
    }

    @Override
    public NDArray alias(NDArray array, NDManager owner) {
        return TorchScores.alias(array, owner);
    }

    @Override
    public NDArray own(NDArray array, NDManager owner) {
        return LentMemory.copy(array, owner);
    }

    @Override
    public NDArray zerosLike(NDArray array, NDManager owner) {
        return weights.products().zerosLike(array, owner);
    }

    @Override
    public Scored score(Target target, NDList values, boolean differentiate, NDManager owner) {
        return TorchScores.score(target, values, differentiate, owner, weights);
    }

    @Override
    public List<@Nullable NDArray> product(
            int unit,
            List<Integer> leaves,
            List<Value> outputs,
            NDList heads,
            Set<Integer> positive,
            NDManager owner) {
        NDList from = new NDList();
        outputs.forEach(output -> from.add(variables.get(CompiledPlan.variable(output))));
        NDList to = new NDList();
        leaves.forEach(i -> to.add(leaf(unit, i)));
        return positive.isEmpty()
                ? weights.products().of(from, to, heads, owner)
                : weights.products().guided(from, to, heads, owner);
    }

    @Override
    public Step step(int unit, Layer layer, NDList heads, NDManager owner) {
        Plan.Unit own = plan.units().get(unit);
        int index = own.nodes().get(0);
        Node node = plan.graph().nodes().get(index);
        NDList leaves = new NDList();
        for (int i = 0; i < own.leaves().size(); i++) {
            leaves.add(leaf(unit, i));
        }
        NDList outputs = new NDList();
        List<Integer> positions = new ArrayList<>();
        for (int k = 0; k < node.outputs().size(); k++) {
            NDArray output = computed(new Value.Output(index, k));
            if (output != null) {
                outputs.add(output);
                positions.add(k);
            }
        }
        TorchStep step =
                new TorchStep(layer, node, leaves, outputs, positions, heads, weights, owner);
        if (!(node.operator() instanceof Operator.Scan scan)) {
            return step;
        }
        NDList read = new NDList();
        int position = 0; // among the leaves: each floating input is one
        for (Value value : node.inputs()) {
            boolean floating = plan.graph().type(value).type().isFloating();
            NDArray input = floating ? leaves.get(position++) : seen(value);
            read.add(alias(input, owner));
        }
        return new TorchLoopStep(
                step,
                new TorchLoopStep.Loop(read, positions, node.outputs().size()),
                rules -> compiled.loopBack(index, scan, rules),
                owner);
    }
}
