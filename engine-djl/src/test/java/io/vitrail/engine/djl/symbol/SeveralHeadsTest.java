package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.testkit.FiniteDifferences;
import io.vitrail.testkit.Targets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Branches of one network that MXNet runs in one call, of which a target reads some. */
class SeveralHeadsTest {
    @TempDir private Path folder;

    /** The slope of a root at 0 is infinite, and a relu gives many zeros. */
    @Test
    void aBranchThatIsNotReadLeavesNoTrace() throws IOException {
        WrittenSymbol symbol = new WrittenSymbol();
        int stem = symbol.convolution("stem", symbol.input("data"), 2, 16);
        int open = symbol.node("Activation", "open", Map.of("act_type", "relu"), stem);
        symbol.head(symbol.convolution("read", open, 16, 4));
        symbol.head(symbol.node("sqrt", "unread", Map.of(), open));
        try (Model model =
                        new MxNetEngine()
                                .load(
                                        new SymbolFormat()
                                                .open(
                                                        symbol.write(
                                                                folder, "heads", DataType.FLOAT64)),
                                        Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            NDArray input = manager.arange(144f).mul(0.37f).sin().reshape(new Shape(2, 2, 6, 6));
            FiniteDifferences.check(
                    model, new NDList(input.toType(DataType.FLOAT64, true)), first(), 1e-6);
        }
    }

    private static Target first() {
        return new Target() {
            @Override
            public List<Source> sources() {
                return List.of(new Source.Output(0));
            }

            @Override
            public NDArray score(NDList values) {
                return Targets.squares().score(values);
            }
        };
    }
}
