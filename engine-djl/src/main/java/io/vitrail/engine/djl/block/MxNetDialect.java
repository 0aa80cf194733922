package io.vitrail.engine.djl.block;

import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.engine.djl.symbol.LoadedSymbols;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Blocks on MXNet. */
final class MxNetDialect implements Dialect {
    @Override
    public String engine() {
        return "mxnet";
    }

    @Override
    public Engine runner() {
        return new MxNetEngine();
    }

    @Override
    public <T> T alone(Supplier<T> work) {
        return MxNetEngine.alone(work);
    }

    @Override
    public boolean countsPadding() {
        return false;
    }

    @Override
    public boolean fills(String call) {
        return MxNetCalls.fills(call);
    }

    @Override
    public @Nullable Object detour(NDArray array, Method method, Object[] given) throws Throwable {
        return MxNetDetours.of(array, method, given);
    }

    @Override
    public @Nullable Own own(Call call) {
        return MxNetCalls.of(call);
    }

    @Override
    public @Nullable Object memory(NDArray array) {
        return null; // MXNet copies what it is given
    }

    @Override
    public @Nullable GraphSource symbol(Block block, String name) {
        return block instanceof MxSymbolBlock symbol ? LoadedSymbols.open(symbol, name) : null;
    }
}
