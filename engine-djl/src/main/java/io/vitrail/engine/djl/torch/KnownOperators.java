package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Say which operators libtorch has. */
public final class KnownOperators {
    /** What most models call; the engine need not start for these. */
    private static final Set<String> COMMON =
            Set.of(
                    "_convolution",
                    "conv1d",
                    "conv2d",
                    "conv3d",
                    "batch_norm",
                    "linear",
                    "relu",
                    "relu_",
                    "hardtanh",
                    "hardtanh_",
                    "relu6",
                    "relu6_",
                    "leaky_relu",
                    "leaky_relu_",
                    "prelu",
                    "elu",
                    "selu",
                    "gelu",
                    "silu",
                    "silu_",
                    "sigmoid",
                    "tanh",
                    "softmax",
                    "log_softmax",
                    "max_pool2d",
                    "avg_pool2d",
                    "adaptive_avg_pool2d",
                    "mean",
                    "add",
                    "add_",
                    "sub",
                    "mul",
                    "mul_",
                    "div",
                    "cat",
                    "pad",
                    "constant_pad_nd",
                    "view",
                    "reshape",
                    "flatten",
                    "permute",
                    "transpose",
                    "slice",
                    "select",
                    "size",
                    "dim",
                    "len",
                    "eq",
                    "ne",
                    "lt",
                    "gt",
                    "le",
                    "ge",
                    "format",
                    "append",
                    "dropout",
                    "dropout_",
                    "__is__",
                    "__isnot__",
                    "__not__",
                    "clamp",
                    "clamp_min",
                    "unsqueeze",
                    "squeeze",
                    "contiguous",
                    "matmul",
                    "warn",
                    "device",
                    "layer_norm",
                    "embedding",
                    "upsample_nearest2d",
                    "scaled_dot_product_attention",
                    "floordiv",
                    "neg",
                    "expand",
                    "unbind",
                    "t",
                    "addmm",
                    "sqrt",
                    "exp",
                    "pow",
                    "sum",
                    "detach");

    private static final int MAX_ASKED = 10_000;
    private static final Map<String, Boolean> ASKED = new ConcurrentHashMap<>();

    private KnownOperators() {}

    /**
     * Return whether {@code torch.NAME} or {@code ops.SPACE.NAME} is there; asks libtorch if need
     * be.
     */
    public static boolean exists(String path) {
        if (path.startsWith("torch.") && COMMON.contains(path.substring(6))) {
            return true;
        }
        Boolean known = ASKED.get(path);
        if (known == null) {
            known = ask(path);
            if (ASKED.size() < MAX_ASKED) { // a hostile file may name any number
                ASKED.put(path, known);
            }
        }
        return known;
    }

    private static boolean ask(String path) {
        try (NDManager manager = Libtorch.newManager(Device.cpu())) {
            Script.compile(manager, "y = " + path + "()\nreturn x", false).close();
            return true;
        } catch (EngineException e) {
            return !String.valueOf(e.getMessage())
                    .matches("(?s).*(Unknown builtin op|Unknown namespace|has no attribute).*");
        }
    }
}
