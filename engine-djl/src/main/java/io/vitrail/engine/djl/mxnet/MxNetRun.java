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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a plan, piece by piece, and a vector-Jacobian product a piece on the way back. */
final class MxNetRun implements UnitRun {
    private final Plan plan;
    private final List<Piece> pieces;
    private final Weights weights;
    private final Symbols symbols;
    private final NDManager manager;
    private final Map<Value, NDArray> computed = new HashMap<>();
    private final Map<Value, NDArray> put = new HashMap<>(); // what stands for a replaced value
    private final Map<Integer, Recording> recordings = new HashMap<>();
    private final Map<Piece, DifferentiablePiece> differentiable = new HashMap<>();

    MxNetRun(Plan plan, List<Piece> pieces, Weights weights, Symbols symbols, NDManager manager) {
        this.plan = plan;
        this.pieces = pieces;
        this.weights = weights;
        this.symbols = symbols;
        this.manager = manager;
    }

    /** Run all nodes that anybody needs. */
    MxNetRun forward(Replacements replacements, NDList inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            computed.put(new Value.Input(i), own(inputs.get(i), manager));
        }
        Set<Value> tracked = plan.tracked();
        Readers readers = new Readers(plan);
        for (Piece piece : pieces) {
            NDList outputs =
                    piece.form() == Piece.Form.ALONE
                            ? alone(piece, tracked)
                            : joined(piece, tracked);
            for (int k = 0; k < piece.outputs().size(); k++) {
                Value value = piece.outputs().get(k);
                computed.put(value, alias(outputs.get(k), manager));
                if (plan.probe().replaced().contains(value)) {
                    NDArray found = computed(value);
                    NDArray instead = called(() -> replacements.of(value, found));
                    put.put(value, own(instead, manager));
                }
            }
            if (piece.unit() < 0) {
                outputs.close();
            }
            piece.nodes().forEach(node -> readers.done(node, this::drop));
        }
        return this;
    }

    private NDList joined(Piece piece, Set<Value> tracked) {
        if (piece.unit() < 0) {
            return symbols.run(piece, piece.outputs(), this::seen, manager);
        }
        DifferentiablePiece run =
                piece.form() == Piece.Form.CLOSED
                        ? new ClosedPiece(
                                piece, plan.graph(), symbols.closed(piece), this::seen, manager)
                        : new TapedPiece(
                                piece, plan.graph(), symbols, tracked, this::seen, manager);
        differentiable.put(piece, run);
        return run.outputs();
    }

    private NDList alone(Piece piece, Set<Value> tracked) {
        int index = piece.nodes().get(0);
        Node node = plan.graph().nodes().get(index);
        NDList x = new NDList();
        node.inputs().forEach(value -> x.add(seen(value)));
        if (piece.unit() < 0) {
            return Recording.plain(node, x, weights::get, manager);
        }
        Recording recording =
                Recording.of(
                        node,
                        x,
                        positions(node, tracked),
                        Kernels.of(node).training() ? weights::taped : weights::get,
                        manager);
        recordings.put(index, recording);
        return recording.outputs();
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
    public <T> T called(Supplier<T> function) {
        return Libmxnet.aside(function);
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
        NDArray whole = Libmxnet.taped(false, () -> reaching(score, floating, work));
        Iterator<NDArray> found =
                Libmxnet.backward(new NDList(whole), null, floating, false, owner).iterator();
        List<@Nullable NDArray> gradients = new ArrayList<>();
        leaves.forEach(
                leaf -> gradients.add(leaf.getDataType().isFloating() ? found.next() : null));
        return new Scored(kept, gradients);
    }

    /**
     * MXNet refuses a variable that the score does not depend on, so zeros of several are added.
     */
    private static NDArray reaching(NDArray score, NDList leaves, NDManager work) {
        NDArray whole = score;
        for (NDArray leaf : leaves.size() > 1 ? leaves : new NDList()) {
            NDArray zero = Calls.invoke(work, "sum", Calls.invoke(work, "zeros_like", leaf));
            String type = score.getDataType().name().toLowerCase(Locale.ROOT);
            zero = Calls.invoke(work, "Cast", zero, "dtype", type);
            whole = Calls.invoke(work, "broadcast_add", new NDList(whole, zero));
        }
        return whole;
    }

    @Override
    public List<@Nullable NDArray> product(
            int unit,
            List<Integer> leaves,
            List<Value> outputs,
            NDList heads,
            Set<Integer> positive,
            NDManager owner) {
        Plan.Unit own = plan.units().get(unit);
        try (NDManager work = owner.newSubManager()) {
            Map<Value, NDArray> gradients = new HashMap<>();
            for (int i = 0; i < outputs.size(); i++) {
                NDArray head = alias(heads.get(i), work);
                gradients.put(outputs.get(i), head);
            }
            List<@Nullable NDArray> found =
                    own.ruled()
                            ? atOneNode(own, leaves, gradients, positive, work)
                            : through(unit, leaves, gradients, positive, work);
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
            Plan.Unit unit,
            List<Integer> leaves,
            Map<Value, NDArray> gradients,
            Set<Integer> positive,
            NDManager work) {
        int index = unit.nodes().get(0);
        if (positive.contains(index)) {
            gradients.replaceAll((value, head) -> Calls.invoke(work, "relu", head));
        }
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
            int unit,
            List<Integer> leaves,
            Map<Value, NDArray> gradients,
            Set<Integer> positive,
            NDManager work) {
        List<Value> ends = plan.units().get(unit).leaves();
        Set<Value> useful = useful(plan.units().get(unit), leaves);
        for (int n = pieces.size() - 1; n >= 0; n--) {
            Piece piece = pieces.get(n);
            if (piece.unit() != unit) {
                continue;
            }
            Map<Value, NDArray> found =
                    piece.form() != Piece.Form.ALONE
                            ? java.util.Objects.requireNonNull(differentiable.get(piece))
                                    .product(gradients, useful, positive, work)
                            : alone(piece.nodes().get(0), gradients, useful, work);
            found.forEach(
                    (value, gradient) ->
                            gradients.merge(value, gradient, (a, b) -> sum(a, b, work)));
        }
        List<@Nullable NDArray> found = new ArrayList<>();
        leaves.forEach(leaf -> found.add(gradients.get(ends.get(leaf))));
        return found;
    }

    private Map<Value, NDArray> alone(
            int index, Map<Value, NDArray> gradients, Set<Value> useful, NDManager work) {
        Node node = plan.graph().nodes().get(index);
        List<@Nullable NDArray> heads = heads(index, gradients);
        List<Integer> wanted = positions(node, useful);
        List<@Nullable NDArray> products = recording(index).product(heads, wanted, work);
        Map<Value, NDArray> found = new HashMap<>();
        for (int i : wanted) {
            NDArray gradient = products.get(i);
            if (gradient != null) {
                found.merge(node.inputs().get(i), gradient, (a, b) -> sum(a, b, work));
            }
        }
        for (NDArray head : heads) {
            if (head != null) {
                head.close();
            }
        }
        return found;
    }

    private static NDArray sum(NDArray a, NDArray b, NDManager work) {
        NDArray sum = Calls.invoke(work, "elemwise_add", new NDList(a, b));
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
