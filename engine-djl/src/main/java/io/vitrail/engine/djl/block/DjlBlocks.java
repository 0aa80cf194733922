package io.vitrail.engine.djl.block;

import ai.djl.engine.Engine;
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
    public GraphSource open(Block block, String name, List<Shape> inputs, String preferred) {
        try {
            Engine engine = engine(block, preferred);
            Dialect dialect = dialect(engine);
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
            return dialect.alone(
                    () -> new BlockSource(block, name, inputs, dialect, engine.newBaseManager()));
        } catch (Refusal refusal) {
            throw refusal.of(name);
        }
    }

    private static Dialect dialect(Engine engine) {
        return switch (engine.getEngineName()) {
            case "PyTorch" -> new TorchDialect();
            case "MXNet" -> new MxNetDialect();
            default ->
                    throw new Refusal(
                            "the block itself",
                            "it belongs to DJL's engine " + engine.getEngineName(),
                            "load it with DJL's PyTorch or MXNet");
        };
    }

    /** A block without weights runs on any engine. */
    private static Engine engine(Block block, String preferred) {
        if (block instanceof SymbolBlock) {
            String type = block.getClass().getName();
            return Engine.getEngine(type.contains(".mxnet.") ? "MXNet" : "PyTorch");
        }
        for (Pair<String, Parameter> parameter : block.getParameters()) {
            if (parameter.getValue().isInitialized()) {
                return parameter.getValue().getArray().getManager().getEngine();
            }
        }
        for (String name : Engine.getAllEngines()) {
            if (name.equalsIgnoreCase(preferred)) {
                return Engine.getEngine(name);
            }
        }
        return Engine.hasEngine("PyTorch") ? Engine.getEngine("PyTorch") : Engine.getInstance();
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
