package io.vitrail.engine.djl.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.engine.djl.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

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
    private final NativeCalls calls;

    private Script(PtSymbolBlock block, boolean weights, NativeCalls calls) {
        this.block = block;
        this.weights = weights;
        this.calls = calls;
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
        return compile(manager, body, weights, NativeCalls.DIRECT);
    }

    static Script compile(NDManager manager, String body, boolean weights, NativeCalls calls) {
        return compile(manager, body, weights, "List[Tensor]", calls);
    }

    static Script compile(
            NDManager manager, String body, boolean weights, String returns, NativeCalls calls) {
        calls.before("compile");
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
                    weights,
                    calls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Call the script.
     *
     * @param x what it reads as {@code x}; must not be empty
     * @param p weights
     * @return what it returns, attached to the manager of the first array of {@code x}
     * @throws EngineException if libtorch fails
     */
    public NDList run(NDList x, NDList p) {
        return run(x, p, List.of());
    }

    /**
     * Call the script, and close arrays as soon as it has them: what of {@code x} they are lives as
     * long as the script needs it, if its text clears {@code x}.
     */
    NDList run(NDList x, NDList p, List<NDArray> spent) {
        calls.before("run");
        PtNDManager manager = (PtNDManager) x.head().getManager();
        try (IValue read = IValue.listFrom(tensors(x))) {
            spent.forEach(NDArray::close);
            if (!weights) {
                return call(manager, read);
            }
            try (IValue parameters = IValue.listFrom(tensors(p))) {
                return call(manager, read, parameters);
            }
        }
    }

    private NDList call(PtNDManager manager, IValue... arguments) {
        try (IValue result = ModuleCall.forward(block, arguments)) {
            return result.toNDList(manager);
        }
    }

    private static PtNDArray[] tensors(NDList list) {
        PtNDArray[] tensors = new PtNDArray[list.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = (PtNDArray) list.get(i);
        }
        return tensors;
    }

    @Override
    public void close() {
        block.close();
    }
}
