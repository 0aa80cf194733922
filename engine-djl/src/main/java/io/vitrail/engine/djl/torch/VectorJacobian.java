package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Call libtorch's autograd over tensors that were taped, without filling anybody's {@code .grad}.
 */
final class VectorJacobian {
    private final NDManager owner;
    private final NativeCalls calls;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    /**
     * Create it.
     *
     * @param owner owns the compiled scripts, one for each number of outputs and leaves
     */
    VectorJacobian(NDManager owner, NativeCalls calls) {
        this.owner = owner;
        this.calls = calls;
    }

    /** Two threads may compile the same text at once; one of them throws its own away. */
    private Script script(String key, Supplier<String> body) {
        Script known = scripts.get(key);
        if (known != null) {
            return known;
        }
        Script compiled = Script.compile(owner, body.get(), false, calls);
        Script first = scripts.putIfAbsent(key, compiled);
        if (first == null) {
            return compiled;
        }
        compiled.close();
        return first;
    }

    /**
     * Return the gradient at each leaf, null where the outputs do not depend on it.
     *
     * @param outputs taped tensors
     * @param gradients the gradient at each output
     * @param work owns what comes out
     */
    List<@Nullable NDArray> of(NDList outputs, NDList leaves, NDList gradients, NDManager work) {
        return of(outputs, leaves, gradients, false, work);
    }

    /**
     * The same for the positive part of each gradient: guided backpropagation without a way through
     * Java.
     */
    List<@Nullable NDArray> guided(
            NDList outputs, NDList leaves, NDList gradients, NDManager work) {
        return of(outputs, leaves, gradients, true, work);
    }

    private List<@Nullable NDArray> of(
            NDList outputs, NDList leaves, NDList gradients, boolean positive, NDManager work) {
        int o = outputs.size();
        int l = leaves.size();
        Script script = script(o + ":" + l + (positive ? "+" : ""), () -> text(o, l, positive));
        NDList x = new NDList(2 * o + l);
        x.addAll(outputs);
        x.addAll(leaves);
        x.addAll(gradients);
        return found(script.run(x, new NDList()), l, work);
    }

    /**
     * Return the gradient of the sum of a score at each leaf, null where it does not depend on it.
     */
    List<@Nullable NDArray> ofScore(NDArray score, NDList leaves, NDManager work) {
        NDList x = new NDList(score);
        x.addAll(leaves);
        int count = leaves.size();
        return found(
                script("score:" + count, () -> scoreText(count)).run(x, new NDList()), count, work);
    }

    private static String scoreText(int leaves) {
        return text(1, leaves, false).replace("(x[" + (1 + leaves) + "])", "torch.ones_like(x[0])");
    }

    private static List<@Nullable NDArray> found(NDList results, int leaves, NDManager work) {
        results.attach(work);
        List<@Nullable NDArray> found = new ArrayList<>();
        for (int i = 0; i < leaves; i++) {
            NDArray gradient = results.get(2 * i);
            try (NDArray marker = results.get(2 * i + 1)) {
                boolean there = marker.size() > 0;
                found.add(there ? gradient : null);
                if (!there) {
                    gradient.close();
                }
            }
        }
        return found;
    }

    /** Return zeros in the shape and type of an array. */
    NDArray zerosLike(NDArray array, NDManager work) {
        return like("zeros_like", array, work);
    }

    private NDArray like(String function, NDArray array, NDManager work) {
        Script script = script(function, () -> "return [torch." + function + "(x[0])]");
        NDList alias = new NDList(array.stopGradient());
        alias.attach(work);
        NDList made = GradMode.off(() -> script.run(alias, new NDList()));
        made.attach(work);
        return made.head();
    }

    private static String text(int outputs, int leaves, boolean positive) {
        StringBuilder text = new StringBuilder("h = annotate(List[Optional[Tensor]], [])\n");
        for (int i = 0; i < outputs; i++) {
            text.append("_")
                    .append(i)
                    .append(" = torch.append(h, ")
                    .append(positive ? "torch.relu(x[" : "(x[")
                    .append(outputs + leaves + i)
                    .append("]))\n");
        }
        text.append("g = torch.autograd.grad([").append(list(0, outputs)).append("], [");
        text.append(list(outputs, outputs + leaves)).append("], h, True, False, True)\n");
        text.append("none = torch.zeros([0])\nsome = torch.zeros([1])\n");
        text.append("r = annotate(List[Tensor], [])\n");
        for (int i = 0; i < leaves; i++) {
            text.append("g").append(i).append(" = g[").append(i).append("]\n");
            text.append("if torch.__isnot__(g").append(i).append(", None):\n");
            text.append("  a")
                    .append(i)
                    .append(" = unchecked_cast(Tensor, g")
                    .append(i)
                    .append(")\n");
            text.append("  b").append(i).append(" = some\n");
            text.append("else:\n");
            text.append("  a").append(i).append(" = none\n");
            text.append("  b").append(i).append(" = none\n");
            text.append("_r").append(i).append(" = torch.append(r, a").append(i).append(")\n");
            text.append("_s").append(i).append(" = torch.append(r, b").append(i).append(")\n");
        }
        return text.append("return r").toString();
    }

    private static String list(int from, int to) {
        List<String> items = new ArrayList<>();
        for (int i = from; i < to; i++) {
            items.add("x[" + i + "]");
        }
        return String.join(", ", items);
    }
}
