package io.vitrail.engine.djl.block;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import io.vitrail.api.BlockFormat;
import io.vitrail.api.GraphSource;
import java.util.List;

/** Blocks of DJL, on the engine that their weights are on. */
public final class DjlBlocks implements BlockFormat {
    static final String ID = "djl-block";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public GraphSource open(Block block, String name, List<Shape> inputs) {
        try {
            Dialect dialect = dialect(engine(block));
            if (block instanceof SymbolBlock) {
                GraphSource file = dialect.symbol(block, name);
                if (file != null) {
                    return file;
                }
                throw new Refusal(
                        "the block itself",
                        "a " + block.getClass().getSimpleName() + " is of no format that is read",
                        "load the file that it came from");
            }
            checkInitialised(block, "");
            NDManager manager = engine(block).newBaseManager();
            return new BlockSource(block, name, inputs, dialect, manager);
        } catch (Refusal refusal) {
            throw refusal.of(name);
        }
    }

    private static Dialect dialect(Engine engine) {
        if (engine.getEngineName().equals("PyTorch")) {
            return new TorchDialect();
        }
        throw new Refusal(
                "the block itself",
                "its weights are on DJL's engine " + engine.getEngineName(),
                "load it with ai.djl.pytorch:pytorch-engine");
    }

    /** A block without weights runs on DJL's default engine. */
    private static Engine engine(Block block) {
        for (Pair<String, Parameter> parameter : block.getParameters()) {
            if (parameter.getValue().isInitialized()) {
                return parameter.getValue().getArray().getManager().getEngine();
            }
        }
        return Engine.getInstance();
    }

    private static void checkInitialised(Block block, String path) {
        for (Pair<String, Parameter> own : block.getDirectParameters()) {
            if (!own.getValue().isInitialized()) {
                throw new Refusal(
                        path.isEmpty() ? own.getKey() : path + "." + own.getKey(),
                        "its weights are not initialised",
                        "call block.initialize(manager, type, inputShape) or load them");
            }
        }
        for (Pair<String, Block> child : block.getChildren()) {
            checkInitialised(
                    child.getValue(),
                    path.isEmpty() ? child.getKey() : path + "." + child.getKey());
        }
    }
}
