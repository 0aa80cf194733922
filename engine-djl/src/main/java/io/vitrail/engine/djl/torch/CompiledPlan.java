package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.LoopRules;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Prepared;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan written out as TorchScript: one script a forward stage.
 *
 * <p>Variables are {@code i0} for inputs, {@code v5_0} for values, {@code r5_0} for what stands for
 * a replaced value, {@code u3_1} for the leaf at which unit 3 begins its tape.
 */
final class CompiledPlan implements Prepared {
    /**
     * One native call.
     *
     * @param reads variables that it is given
     * @param weights weights that it is given
     * @param defines variables that it returns
     */
    record Stage(
            Script script,
            List<String> reads,
            List<Parameter> weights,
            List<String> defines,
            List<Value> replaceAfter) {}

    private final Plan plan;
    private final List<Stage> stages;
    private final Weights weights;
    private final Map<LoopKey, LoopBack> loopBacks = new HashMap<>();

    private record LoopKey(int node, LoopRules rules) {}

    private CompiledPlan(Plan plan, List<Stage> stages, Weights weights) {
        this.plan = plan;
        this.stages = stages;
        this.weights = weights;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Run run(Replacements replacements, NDList inputs, NDManager manager) {
        return new TorchRun(this, weights, manager).forward(replacements, inputs);
    }

    List<Stage> stages() {
        return stages;
    }

    static String variable(Value value) {
        if (value instanceof Value.Input input) {
            return "i" + input.index();
        }
        Value.Output output = (Value.Output) value;
        return "v" + output.node() + "_" + output.index();
    }

    /** Return the variable that readers of a value see: what stands for it, if it is replaced. */
    static String seen(Value value, Plan plan) {
        String variable = variable(value);
        return plan.probe().replaced().contains(value) ? "r" + variable.substring(1) : variable;
    }

    static String leaf(int unit, int index) {
        return "u" + unit + "_" + index;
    }

    static CompiledPlan compile(Plan plan, Weights weights) {
        List<Stage> stages = new Writer(plan, weights.manager(), weights.calls()).write();
        return new CompiledPlan(plan, stages, weights);
    }

    /** Return the way back through a loop with rules inside, compiled when first asked for. */
    LoopBack loopBack(int node, Operator.Scan scan, LoopRules rules) {
        synchronized (loopBacks) {
            return loopBacks.computeIfAbsent(
                    new LoopKey(node, rules), key -> new LoopBack(scan, rules, weights));
        }
    }

    @Override
    public void close() {
        stages.forEach(stage -> stage.script().close());
        synchronized (loopBacks) {
            loopBacks.values().forEach(LoopBack::close);
            loopBacks.clear();
        }
    }

    /** The text of one stage while it is written. */
    private static final class Draft {
        final List<String> lines = new ArrayList<>();
        final Set<String> reads = new LinkedHashSet<>();
        final Set<String> defines = new LinkedHashSet<>();
        final Map<Parameter, String> weights = new java.util.IdentityHashMap<>();
        final List<Parameter> weightList = new ArrayList<>();

        String read(String variable) {
            if (!defines.contains(variable)) {
                reads.add(variable);
            }
            return variable;
        }

        void define(String variable, String expression) {
            defines.add(variable);
            lines.add(variable + " = " + expression);
        }

        String weight(Parameter parameter) {
            return weights.computeIfAbsent(
                    parameter,
                    key -> {
                        weightList.add(key);
                        return "p[" + (weightList.size() - 1) + "]";
                    });
        }
    }

    private static final class Writer {
        private final Plan plan;
        private final Graph graph;
        private final NDManager manager;
        private final NativeCalls calls;
        private final Map<Integer, Integer> unitOf = new LinkedHashMap<>();
        private final Set<Value> read; // by anybody

        Writer(Plan plan, NDManager manager, NativeCalls calls) {
            this.plan = plan;
            this.manager = manager;
            this.calls = calls;
            this.graph = plan.graph();
            this.read = plan.read();
            for (int u = 0; u < plan.units().size(); u++) {
                for (int node : plan.units().get(u).nodes()) {
                    unitOf.put(node, u);
                }
            }
        }

        List<Stage> write() {
            List<Draft> drafts = new ArrayList<>();
            for (List<Integer> nodes : plan.stages()) {
                Draft draft = new Draft();
                nodes.forEach(node -> write(node, draft, drafts));
                drafts.add(draft);
            }
            Set<String> wantedLater = new HashSet<>();
            plan.wanted().forEach(value -> wantedLater.add(seen(value, plan)));
            plan.probe().replaced().forEach(value -> wantedLater.add(variable(value)));
            for (int u = 0; u < plan.units().size(); u++) {
                for (int i = 0; i < plan.units().get(u).leaves().size(); i++) {
                    wantedLater.add(leaf(u, i));
                }
                plan.units().get(u).outputs().forEach(value -> wantedLater.add(variable(value)));
                if (plan.units().get(u).ruled()) {
                    wholeInputs(plan.units().get(u)).forEach(v -> wantedLater.add(seen(v, plan)));
                }
            }
            List<Stage> stages = new ArrayList<>();
            try {
                compile(drafts, wantedLater, stages);
            } catch (RuntimeException | Error failure) {
                stages.forEach(stage -> stage.script().close());
                throw failure;
            }
            return stages;
        }

        /** Return what a node with a rule reads besides its leaves, such as the mask of a loop. */
        private List<Value> wholeInputs(Plan.Unit unit) {
            return graph.nodes().get(unit.nodes().get(0)).inputs().stream()
                    .filter(value -> !graph.type(value).type().isFloating())
                    .toList();
        }

        private void compile(List<Draft> drafts, Set<String> wantedLater, List<Stage> stages) {
            for (int s = drafts.size() - 1; s >= 0; s--) {
                Draft draft = drafts.get(s);
                List<String> returned =
                        draft.defines.stream().filter(wantedLater::contains).toList();
                wantedLater.addAll(draft.reads);
                stages.add(0, stage(draft, returned, replacedIn(plan.stages().get(s))));
            }
        }

        private List<Value> replacedIn(List<Integer> nodes) {
            return plan.probe().replaced().stream()
                    .filter(value -> nodes.contains(((Value.Output) value).node()))
                    .toList();
        }

        private Stage stage(Draft draft, List<String> returned, List<Value> replaced) {
            List<String> reads = new ArrayList<>();
            for (int i = 0; i < graph.inputs().size(); i++) {
                reads.add("i" + i);
            }
            draft.reads.stream().filter(variable -> !reads.contains(variable)).forEach(reads::add);
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < reads.size(); i++) {
                body.append(reads.get(i)).append(" = x[").append(i).append("]\n");
            }
            draft.lines.forEach(line -> body.append(line).append('\n'));
            body.append("return [").append(String.join(", ", returned)).append("]");
            Script script =
                    Script.compile(manager, body.toString(), !draft.weightList.isEmpty(), calls);
            return new Stage(script, reads, List.copyOf(draft.weightList), returned, replaced);
        }

        private void write(int index, Draft draft, List<Draft> earlier) {
            Node node = graph.nodes().get(index);
            Integer unit = unitOf.get(index);
            List<String> in = new ArrayList<>();
            int position = 0; // among the leaves of a ruled node
            for (Value value : node.inputs()) {
                int leaf = -1;
                if (unit != null) {
                    Plan.Unit own = plan.units().get(unit);
                    boolean floating = graph.type(value).type().isFloating();
                    leaf = own.ruled() ? (floating ? position++ : -1) : own.leaves().indexOf(value);
                }
                in.add(
                        leaf < 0
                                ? draft.read(seen(value, plan))
                                : leafVariable(unit, leaf, value, draft, earlier));
            }
            if (node.operator() instanceof Operator.Scan scan) {
                LoopText loop = new LoopText(scan, "t" + index, draft::weight);
                draft.lines.addAll(loop.lines(in, k -> isRead(new Value.Output(index, k))));
                for (int k = 0; k < node.outputs().size(); k++) {
                    if (isRead(new Value.Output(index, k))) {
                        draft.define(variable(new Value.Output(index, k)), loop.output(k));
                    }
                }
                return;
            }
            int[] next = {0};
            NodeText text = new NodeText(value -> in.get(next[0]++), draft::weight);
            String expression = text.expression(node);
            if (NodeText.form(node).equals("tensor")) {
                draft.define(variable(new Value.Output(index, 0)), expression);
                return;
            }
            draft.lines.add("t" + index + " = " + expression);
            for (int k = 0; k < node.outputs().size(); k++) {
                draft.define(variable(new Value.Output(index, k)), "t" + index + "[" + k + "]");
            }
        }

        private boolean isRead(Value value) {
            return read.contains(value);
        }

        private String leafVariable(
                int unit, int leaf, Value value, Draft draft, List<Draft> earlier) {
            String name = leaf(unit, leaf);
            boolean known = earlier.stream().anyMatch(other -> other.defines.contains(name));
            if (!known && !draft.defines.contains(name)) {
                String outside = draft.read(seen(value, plan));
                draft.define(name, "torch.requires_grad_(torch.detach(" + outside + "), True)");
            }
            return draft.read(name);
        }
    }
}
