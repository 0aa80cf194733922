package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.UnitRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a plan, node by node, and a vector-Jacobian product a node on the way back. */
final class MxNetRun implements UnitRun {
    private final Plan plan;
    private final Weights weights;
    private final NDManager manager;
    private final Map<Value, NDArray> computed = new HashMap<>();
    private final Map<Value, NDArray> put = new HashMap<>(); // what stands for a replaced value
    private final Map<Integer, Recording> recordings = new HashMap<>();

    MxNetRun(Plan plan, Weights weights, NDManager manager) {
        this.plan = plan;
        this.weights = weights;
        this.manager = manager;
    }

    /** Run all nodes that anybody needs. */
    MxNetRun forward(Replacements replacements, NDList inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            computed.put(new Value.Input(i), own(inputs.get(i), manager));
        }
        Set<Integer> differentiated = plan.unitOf().keySet();
        Set<Value> tracked = plan.tracked();
        Readers readers = new Readers(plan);
        for (List<Integer> stage : plan.stages()) {
            for (int index : stage) {
                Node node = plan.graph().nodes().get(index);
                NDList x = new NDList();
                node.inputs().forEach(value -> x.add(seen(value)));
                NDList outputs;
                if (differentiated.contains(index)) {
                    Recording recording =
                            Recording.of(node, x, positions(node, tracked), weights::get, manager);
                    recordings.put(index, recording);
                    outputs = recording.outputs();
                } else {
                    outputs = Recording.plain(node, x, weights::get, manager);
                }
                for (int k = 0; k < node.outputs().size(); k++) {
                    Value value = new Value.Output(index, k);
                    computed.put(value, alias(outputs.get(k), manager));
                    if (plan.probe().replaced().contains(value)) {
                        put.put(value, own(replacements.of(value, computed(value)), manager));
                    }
                }
                if (!differentiated.contains(index)) {
                    outputs.close();
                }
                readers.done(index, this::drop);
            }
        }
        return this;
    }

    private static List<Integer> positions(Node node, Set<Value> tracked) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (tracked.contains(node.inputs().get(i))) {
                positions.add(i);
            }
        }
        return positions;
    }

    private void drop(Value value) {
        NDArray array = computed.remove(value);
        if (array != null) {
            array.close();
        }
    }

    @Override
    public <T> T untaped(boolean foreign, Supplier<T> work) {
        return Libmxnet.alone(work);
    }

    @Override
    public NDArray seen(Value value) {
        NDArray instead = put.get(value);
        return instead != null ? instead : java.util.Objects.requireNonNull(computed.get(value));
    }

    @Override
    public NDArray leaf(int unit, int index) {
        return seen(plan.units().get(unit).leaves().get(index));
    }

    @Override
    public @Nullable NDArray computed(Value value) {
        return computed.get(value);
    }

    @Override
    public NDArray alias(NDArray array, NDManager owner) {
        return Libmxnet.alias(array, owner);
    }

    @Override
    public NDArray own(NDArray array, NDManager owner) {
        return Calls.invoke(owner, "_copy", new NDList(array));
    }

    @Override
    public NDArray zerosLike(NDArray array, NDManager owner) {
        return Libmxnet.alone(() -> Calls.invoke(owner, "zeros_like", array));
    }

    @Override
    public Scored score(Target target, NDList values, boolean differentiate, NDManager owner) {
        return Libmxnet.alone(
                () -> {
                    try (NDManager work = owner.newSubManager()) {
                        return scored(target, values, differentiate, owner, work);
                    }
                });
    }

    private Scored scored(
            Target target, NDList values, boolean differentiate, NDManager owner, NDManager work) {
        NDList leaves = new NDList();
        NDList floating = new NDList();
        for (NDArray value : values) {
            NDArray leaf = alias(value, work);
            leaves.add(leaf);
            if (leaf.getDataType().isFloating()) {
                floating.add(leaf);
            }
        }
        if (!differentiate || floating.isEmpty()) {
            return new Scored(own(target.score(leaves), owner), List.of());
        }
        Libmxnet.mark(floating);
        NDArray score = Libmxnet.taped(false, () -> target.score(leaves));
        NDArray kept = own(score, owner);
        if (kept.getShape().dimension() != 1) {
            return new Scored(kept, List.of());
        }
        Iterator<NDArray> found =
                Libmxnet.backward(new NDList(score), null, floating, false, owner).iterator();
        List<@Nullable NDArray> gradients = new ArrayList<>();
        leaves.forEach(
                leaf -> gradients.add(leaf.getDataType().isFloating() ? found.next() : null));
        return new Scored(kept, gradients);
    }

    @Override
    public List<@Nullable NDArray> product(
            int unit,
            List<Integer> leaves,
            List<Value> outputs,
            NDList heads,
            boolean positive,
            NDManager owner) {
        Plan.Unit own = plan.units().get(unit);
        try (NDManager work = owner.newSubManager()) {
            Map<Value, NDArray> gradients = new HashMap<>();
            for (int i = 0; i < outputs.size(); i++) {
                NDArray head = alias(heads.get(i), work);
                gradients.put(outputs.get(i), positive ? Calls.invoke(work, "relu", head) : head);
            }
            List<@Nullable NDArray> found =
                    own.ruled()
                            ? atOneNode(own, leaves, gradients, work)
                            : through(own, leaves, gradients, work);
            for (NDArray array : found) {
                if (array != null) {
                    array.attach(owner);
                }
            }
            return found;
        }
    }

    /**
     * A ruled unit has a leaf for each floating input, the same value twice if it is read twice.
     */
    private List<@Nullable NDArray> atOneNode(
            Plan.Unit unit, List<Integer> leaves, Map<Value, NDArray> gradients, NDManager work) {
        int index = unit.nodes().get(0);
        List<Integer> floating = MxNetStep.floating(plan.graph(), index);
        List<@Nullable NDArray> all =
                recording(index)
                        .product(
                                heads(index, gradients),
                                leaves.stream().map(floating::get).toList(),
                                work);
        List<@Nullable NDArray> found = new ArrayList<>();
        leaves.forEach(leaf -> found.add(all.get(floating.get(leaf))));
        return found;
    }

    private List<@Nullable NDArray> through(
            Plan.Unit unit, List<Integer> leaves, Map<Value, NDArray> gradients, NDManager work) {
        Set<Value> useful = useful(unit, leaves);
        for (int n = unit.nodes().size() - 1; n >= 0; n--) {
            int index = unit.nodes().get(n);
            Node node = plan.graph().nodes().get(index);
            List<@Nullable NDArray> heads = heads(index, gradients);
            List<Integer> wanted = positions(node, useful);
            List<@Nullable NDArray> found = recording(index).product(heads, wanted, work);
            for (int i : wanted) {
                NDArray gradient = found.get(i);
                if (gradient != null) {
                    gradients.merge(node.inputs().get(i), gradient, MxNetRun::sum);
                }
            }
            for (NDArray head : heads) {
                if (head != null) {
                    head.close();
                }
            }
        }
        List<@Nullable NDArray> found = new ArrayList<>();
        leaves.forEach(leaf -> found.add(gradients.get(unit.leaves().get(leaf))));
        return found;
    }

    private static NDArray sum(NDArray a, NDArray b) {
        NDArray sum = a.add(b);
        a.close();
        b.close();
        return sum;
    }

    /** Return the values of a unit that depend on some of its leaves, those included. */
    private Set<Value> useful(Plan.Unit unit, List<Integer> leaves) {
        Set<Value> useful = new HashSet<>();
        leaves.forEach(leaf -> useful.add(unit.leaves().get(leaf)));
        for (int index : unit.nodes()) {
            Node node = plan.graph().nodes().get(index);
            if (node.inputs().stream().anyMatch(useful::contains)) {
                for (int k = 0; k < node.outputs().size(); k++) {
                    useful.add(new Value.Output(index, k));
                }
            }
        }
        return useful;
    }

    private Recording recording(int index) {
        return java.util.Objects.requireNonNull(recordings.get(index));
    }

    private List<@Nullable NDArray> heads(int index, Map<Value, NDArray> gradients) {
        List<@Nullable NDArray> heads = new ArrayList<>();
        for (int k = 0; k < plan.graph().nodes().get(index).outputs().size(); k++) {
            heads.add(gradients.remove(new Value.Output(index, k)));
        }
        return heads;
    }

    @Override
    public Step step(int unit, Layer layer, NDList heads, NDManager owner) {
        int index = plan.units().get(unit).nodes().get(0);
        return new MxNetStep(layer, plan.graph(), index, recording(index), heads, weights, owner);
    }
}
