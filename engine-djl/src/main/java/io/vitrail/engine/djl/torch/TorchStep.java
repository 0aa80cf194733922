package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** One node where a rule stands, taped on its own. */
final class TorchStep implements Step {
    private final Layer layer;
    private final Node node;
    private final NDList leaves; // taped inputs
    private final NDList taped; // outputs on the tape
    private final List<Integer> positions; // of those among the node's
    private final NDList gradients;
    private final Weights weights;
    private final NDManager work;

    TorchStep(
            Layer layer,
            Node node,
            NDList leaves,
            NDList taped,
            List<Integer> positions,
            NDList gradients,
            Weights weights,
            NDManager work) {
        this.layer = layer;
        this.node = node;
        this.leaves = leaves;
        this.taped = taped;
        this.positions = positions;
        this.gradients = gradients;
        this.weights = weights;
        this.work = work;
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public NDList inputs() {
        return aliases(leaves);
    }

    @Override
    public NDList outputs() {
        return aliases(taped);
    }

    private NDList aliases(NDList arrays) {
        NDList aliases = new NDList(arrays.size());
        for (NDArray array : arrays) {
            NDArray alias = array.stopGradient();
            alias.attach(work);
            aliases.add(alias);
        }
        return aliases;
    }

    @Override
    public NDList gradients() {
        return gradients;
    }

    @Override
    public NDList plain(NDList heads) {
        List<NDArray> found = weights.products().of(taped, leaves, heads, work);
        NDList all = new NDList(found.size());
        for (int i = 0; i < found.size(); i++) {
            NDArray gradient = found.get(i);
            if (gradient == null) {
                gradient = weights.products().zerosLike(leaves.get(i), work);
            }
            all.add(gradient);
        }
        return all;
    }

    @Override
    public Step with(BiFunction<String, NDArray, NDArray> change) {
        NDList x = new NDList(leaves);
        StringBuilder body = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            names.add("l" + i);
            body.append("l")
                    .append(i)
                    .append(" = torch.requires_grad_(torch.detach(x[")
                    .append(i)
                    .append("]), True)\n");
        }
        Map<Parameter, String> weightNames = new java.util.IdentityHashMap<>();
        for (Map.Entry<String, Parameter> entry : node.parameters().entrySet()) {
            NDArray weight = weights.get(entry.getValue()).stopGradient();
            weight.attach(work);
            weightNames.put(entry.getValue(), "x[" + x.size() + "]");
            NDArray changed = change.apply(entry.getKey(), weight).stopGradient();
            changed.attach(work);
            x.add(changed);
        }
        int[] next = {0};
        NodeText text = new NodeText(value -> names.get(next[0]++), weightNames::get);
        List<String> results = new ArrayList<>(names);
        if (node.operator() instanceof Operator.Scan scan) {
            LoopText loop = new LoopText(scan, "t", parameter -> weightNames.get(parameter));
            loop.lines(names, positions::contains).forEach(l -> body.append(l).append('\n'));
            positions.forEach(k -> results.add(loop.output(k)));
        } else {
            boolean tensor = NodeText.form(node).equals("tensor");
            body.append("y = ").append(text.expression(node)).append('\n');
            for (int k = 0; k < taped.size(); k++) {
                results.add(tensor ? "y" : "y[" + k + "]");
            }
        }
        body.append("return [").append(String.join(", ", results)).append("]");
        NDList made =
                GradMode.on(
                        () -> {
                            try (Script script =
                                    Script.compile(work, body.toString(), false, weights.calls())) {
                                return script.run(x, new NDList());
                            }
                        });
        made.attach(work);
        return new TorchStep(
                layer,
                node,
                first(made, leaves.size()),
                made.subNDList(leaves.size()),
                positions,
                gradients,
                weights,
                work);
    }

    private static NDList first(NDList list, int count) {
        NDList first = new NDList(count);
        for (int i = 0; i < count; i++) {
            first.add(list.get(i));
        }
        return first;
    }
}
