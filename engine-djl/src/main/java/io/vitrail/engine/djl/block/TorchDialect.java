package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtSymbolBlock;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.engine.djl.torch.GradMode;
import io.vitrail.engine.djl.torch.LentMemory;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.engine.djl.torchscript.LoadedModules;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Blocks on PyTorch. */
final class TorchDialect implements Dialect {
    @Override
    public String engine() {
        return "pytorch";
    }

    @Override
    public Engine runner() {
        return new PyTorchEngine();
    }

    @Override
    public <T> T alone(Supplier<T> work) {
        return GradMode.off(work);
    }

    @Override
    public boolean countsPadding() {
        return true; // DJL passes the wish on, its native library drops it
    }

    @Override
    public boolean fills(String call) {
        return true;
    }

    @Override
    public @Nullable Object detour(NDArray array, Method method, Object[] given) {
        return null;
    }

    @Override
    public @Nullable Own own(Call call) {
        return TorchCalls.of(call);
    }

    @Override
    public @Nullable Object memory(NDArray array) {
        return LentMemory.under(array);
    }

    @Override
    public @Nullable GraphSource symbol(Block block, String name) {
        return block instanceof PtSymbolBlock module ? LoadedModules.open(module, name) : null;
    }
}
