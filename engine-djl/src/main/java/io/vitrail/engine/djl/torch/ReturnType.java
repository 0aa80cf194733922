package io.vitrail.engine.djl.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator returns, as libtorch's compiler says.
 *
 * @param tuple the number of tensors of a tuple, 0 if it is none
 * @param list whether it is a list of tensors
 */
public record ReturnType(int tuple, boolean list) {
    private static final ReturnType TENSOR = new ReturnType(0, false);
    private static final Pattern ACTUAL = Pattern.compile("actually of type ([^\\n]+?):?\\s*\\n");
    private static final Pattern HOLE = Pattern.compile("\\$p?\\d+");
    private static final int MAX_KNOWN = 10_000;
    private static final Map<String, ReturnType> KNOWN = new ConcurrentHashMap<>();

    /** Operators of every second network that return one tensor: not worth a question. */
    private static final Set<String> ONE_TENSOR =
            Set.of(
                    "add",
                    "sub",
                    "mul",
                    "div",
                    "neg",
                    "slice",
                    "select",
                    "transpose",
                    "t",
                    "unsqueeze",
                    "squeeze",
                    "contiguous",
                    "pad",
                    "matmul",
                    "bmm",
                    "addmm",
                    "mean",
                    "sum",
                    "expand",
                    "softmax",
                    "layer_norm",
                    "group_norm",
                    "instance_norm",
                    "embedding",
                    "scaled_dot_product_attention",
                    "upsample_nearest2d",
                    "upsample_bilinear2d",
                    "to",
                    "pow",
                    "sqrt",
                    "rsqrt",
                    "exp",
                    "zeros",
                    "ones",
                    "permute",
                    "view",
                    "reshape",
                    "flatten",
                    "detach",
                    "clone",
                    "relu",
                    "stack",
                    "cat");

    /**
     * Ask what a call returns.
     *
     * @param call TorchScript with {@code $0}, {@code $p0}, ... for tensors
     * @throws EngineException if libtorch does not know the operator, or not with such arguments
     */
    public static ReturnType of(NDManager manager, String call, String name) {
        if (ONE_TENSOR.contains(name)) {
            return TENSOR;
        }
        String text = HOLE.matcher(call).replaceAll("x[0]");
        ReturnType known = KNOWN.get(text);
        if (known == null) {
            known = ask(manager, text);
            if (KNOWN.size() < MAX_KNOWN) { // texts hold sizes: every input shape brings its own
                KNOWN.put(text, known);
            }
        }
        return known;
    }

    private static ReturnType ask(NDManager manager, String text) {
        try {
            Script.compile(manager, "return " + text, false, "Tensor", NativeCalls.DIRECT).close();
            return TENSOR;
        } catch (EngineException e) {
            Matcher actual = ACTUAL.matcher(String.valueOf(e.getMessage()));
            if (!actual.find()) {
                throw e;
            }
            String type = actual.group(1);
            if (type.equals("List[Tensor]")) {
                return new ReturnType(0, true);
            }
            if (type.matches("Tuple\\[Tensor(, Tensor)*]")) {
                return new ReturnType(type.split(",").length, false);
            }
            throw new EngineException("it returns " + type, e);
        }
    }
}
