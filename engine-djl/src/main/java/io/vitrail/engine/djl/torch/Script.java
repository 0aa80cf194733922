package io.vitrail.engine.djl.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.engine.djl.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A piece of TorchScript, compiled once and called natively.
 *
 * <p>The text reads {@code x: List[Tensor]} and {@code p: List[Tensor]} (weights) and returns a
 * list of tensors. So every operator of libtorch can be called, and many in one call, although DJL
 * binds few.
 */
public final class Script implements AutoCloseable {
    private final PtSymbolBlock block;
    private final boolean weights;

    private Script(PtSymbolBlock block, boolean weights) {
        this.block = block;
        this.weights = weights;
    }

    /**
     * Compile a function body.
     *
     * @param manager owns the compiled module
     * @param body statements, one a line, without indentation, the last a {@code return} of a list
     * @param weights whether the body reads {@code p}
     * @throws EngineException if libtorch refuses the text
     */
    public static Script compile(NDManager manager, String body, boolean weights) {
        return compile(manager, body, weights, "List[Tensor]");
    }

    static Script compile(NDManager manager, String body, boolean weights, String returns) {
        StringBuilder forward = new StringBuilder("def forward(self: SELF,\n  x: List[Tensor]");
        forward.append(weights ? ",\n  p: List[Tensor]" : "")
                .append(") -> ")
                .append(returns)
                .append(":\n");
        body.lines().forEach(line -> forward.append("  ").append(line).append('\n'));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            TorchScriptWriter.write(
                    TorchScriptWriter.Module.of("Script", forward.toString()), "script", archive);
            return new Script(
                    JniUtils.loadModule(
                            (PtNDManager) manager,
                            new ByteArrayInputStream(archive.toByteArray()),
                            true,
                            false),
                    weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Call the script.
     *
     * @param x what it reads as {@code x}; must not be empty; arrays of one's own, for they get a
     *     name
     * @param p weights, already named by {@link #nameWeights}
     * @return what it returns, attached to the manager of the first array of {@code x}
     */
    public NDList run(NDList x, NDList p) {
        NDList all = new NDList(x.size() + p.size());
        for (NDArray array : x) {
            array.setName("x[]");
            all.add(array);
        }
        if (weights) {
            all.addAll(p);
        }
        // "train" means: with autograd as the thread has it; the module itself stays in evaluation
        // mode
        return IValueUtils.forward(block, all, true);
    }

    /** Mark an array as a weight, once and for all. */
    public static void nameWeights(NDArray array) {
        array.setName("p[]");
    }

    @Override
    public void close() {
        block.close();
    }
}
