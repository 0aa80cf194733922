package io.vitrail.engine.djl.block;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Run a block's forward pass under an interception, child by child where the children are known.
 *
 * <p>What {@link SequentialBlock} and {@link ParallelBlock} do with their children is done here,
 * for the sake of names, and because a block of the engine's own format among them is read as a
 * file instead; any other block, and any subclass, runs as it is.
 */
final class BlockRun {
    private final Interception interception;
    private final SymbolGraphs symbols;
    private final ParameterStore store;

    BlockRun(Interception interception, SymbolGraphs symbols) {
        this.interception = interception;
        this.symbols = symbols;
        Recording recording = interception.recording();
        this.store =
                new RecordedStore(
                        interception.manager(),
                        recording.weights(),
                        shared -> interception.wrap(recording.weight(shared)));
    }

    /** Run a block; return its outputs. */
    NDList forward(Block block, NDList inputs) {
        if (block instanceof SymbolBlock) {
            return symbols.inline(block, inputs, interception);
        }
        if (block.getClass() == SequentialBlock.class) {
            return sequential((SequentialBlock) block, inputs);
        }
        Function<List<NDList>, NDList> joining =
                block.getClass() == ParallelBlock.class ? joining((ParallelBlock) block) : null;
        return joining == null ? leaf(block, inputs) : parallel(block, joining, inputs);
    }

    private NDList child(Pair<String, Block> child, NDList inputs) {
        BlockNames names = interception.recording().names();
        names.enter(child.getKey());
        NDList outputs = forward(child.getValue(), inputs);
        names.leave(
                outputs.isEmpty()
                        ? null
                        : interception.recording().value(interception.unwrap(outputs.head())));
        return outputs;
    }

    private NDList sequential(SequentialBlock block, NDList inputs) {
        NDList current = inputs;
        NDList past = new NDList();
        for (Pair<String, Block> child : block.getChildren()) {
            current = child(child, current);
            past.addAll(current);
        }
        return block.isReturnIntermediate() ? past : current;
    }

    private NDList parallel(Block block, Function<List<NDList>, NDList> joining, NDList inputs) {
        List<NDList> branches = new ArrayList<>();
        for (Pair<String, Block> child : block.getChildren()) {
            branches.add(child(child, inputs));
        }
        return joining.apply(branches);
    }

    /** Return how the branches are joined, or null if this version of DJL does not show it. */
    @SuppressWarnings("unchecked") // as DJL declares it
    private static @Nullable Function<List<NDList>, NDList> joining(ParallelBlock block) {
        try {
            Field function = ParallelBlock.class.getDeclaredField("function");
            function.setAccessible(true);
            return (Function<List<NDList>, NDList>) function.get(block);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private NDList leaf(Block block, NDList inputs) {
        try {
            return block.forward(store, new NDList(inputs), false, null);
        } catch (ClassCastException e) {
            throw new Refusal(
                    path(),
                    "its code hands a recorded array to the engine past NDArray ("
                            + e.getMessage()
                            + ")",
                    "call operations of NDArray only; a block of the engine's own format must be a"
                            + " child of a SequentialBlock or ParallelBlock, or stand alone");
        } catch (EngineException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new Refusal(
                    path(),
                    "the block does not run on these inputs: " + firstLine(e),
                    "feed the shape and type that the block was made for");
        }
    }

    private String path() {
        String path = interception.recording().names().path();
        return path.isEmpty() ? "the block itself" : path;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    /** Return what is behind the arrays that came out. */
    List<Recorded> unwrapped(NDList outputs) {
        List<Recorded> found = new ArrayList<>();
        for (NDArray array : outputs) {
            found.add(interception.unwrap(array));
        }
        return found;
    }
}
