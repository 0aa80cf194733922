package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Write a loop over the steps of sequences as TorchScript.
 *
 * <p>A sequence is taken apart before the loop: the gradient of an index in every step would be an
 * array of the whole sequence, and a thousand of those are slow.
 */
final class LoopText {
    private final Operator.Scan scan;
    private final String name;
    private final Function<Parameter, String> parameters;

    /**
     * Create a writer.
     *
     * @param name begins the names of its variables
     */
    LoopText(Operator.Scan scan, String name, Function<Parameter, String> parameters) {
        this.scan = scan;
        this.name = name;
        this.parameters = parameters;
    }

    /**
     * Return the statements.
     *
     * @param in the variables of the first states and the sequences
     * @param read which outputs of the node anybody reads
     */
    List<String> lines(List<String> in, IntPredicate read) {
        List<String> lines = new ArrayList<>();
        int states = scan.states();
        for (int s = 0; s < states; s++) {
            lines.add(state(s) + " = " + in.get(s));
        }
        for (int i = states; i < in.size(); i++) {
            lines.add(sequence(i) + " = " + call("unbind", in.get(i), 1));
        }
        for (int k = 0; k < scan.collected(); k++) {
            if (read.test(k)) {
                lines.add(collection(k) + " = annotate(List[Tensor], [])");
            }
        }
        lines.add("for " + name + "i in range(torch.len(" + sequence(states) + ")):");
        for (int i = states; i < in.size(); i++) {
            lines.add("  " + input(i) + " = " + sequence(i) + "[" + name + "i]");
        }
        for (int n = 0; n < scan.body().nodes().size(); n++) {
            Node node = scan.body().nodes().get(n);
            NodeText text = new NodeText(this::variable, parameters);
            lines.add("  " + output(n, 0) + " = " + text.expression(node));
        }
        for (int k = 0; k < scan.collected(); k++) {
            if (read.test(k)) {
                String step = variable(scan.body().outputs().get(states + k).value());
                lines.add("  _ = torch.append(" + collection(k) + ", " + step + ")");
            }
        }
        for (int s = 0; s < states; s++) { // none before all are computed
            lines.add("  " + next(s) + " = " + variable(scan.body().outputs().get(s).value()));
        }
        for (int s = 0; s < states; s++) {
            lines.add("  " + state(s) + " = " + next(s));
        }
        return lines;
    }

    /** Return the expression of an output of the node. */
    String output(int k) {
        return k < scan.collected() ? call("stack", collection(k), 1) : state(k - scan.collected());
    }

    private String variable(Value value) {
        if (value instanceof Value.Input input) {
            return input.index() < scan.states() ? state(input.index()) : input(input.index());
        }
        Value.Output output = (Value.Output) value;
        return output(output.node(), output.index());
    }

    private String output(int node, int index) {
        return name + "v" + node + "_" + index;
    }

    private String state(int s) {
        return name + "s" + s;
    }

    private String next(int s) {
        return name + "n" + s;
    }

    private String sequence(int i) {
        return name + "x" + i;
    }

    private String input(int i) {
        return name + "e" + i;
    }

    private String collection(int k) {
        return name + "c" + k;
    }
}
