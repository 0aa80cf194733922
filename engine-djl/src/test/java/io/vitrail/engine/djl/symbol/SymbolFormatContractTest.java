package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.testkit.FormatContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

class SymbolFormatContractTest extends FormatContract {
    @Override
    protected ModelFormat format() {
        return new SymbolFormat();
    }

    @Override
    protected Engine engine() {
        return new MxNetEngine();
    }

    @Override
    protected Path write(Path folder) throws IOException {
        WrittenSymbol symbol = new WrittenSymbol();
        int convolved = symbol.convolution("conv", symbol.input("data"), 2, 3);
        int open = symbol.node("Activation", "relu", Map.of("act_type", "relu"), convolved);
        return symbol.head(open).write(folder, "net", DataType.FLOAT32);
    }

    @Override
    protected NDList inputs(NDManager manager) {
        return new NDList(manager.ones(new Shape(2, 2, 4, 4)));
    }
}
