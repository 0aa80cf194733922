package io.vitrail.api;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;

/**
 * A reader of the networks that an application holds as DJL {@link Block}s, found through {@link
 * java.util.ServiceLoader}.
 */
public interface BlockFormat {
    /** Return the id: {@code djl-block}. */
    String id();

    /**
     * Make a source of a block.
     *
     * <p>The block stays its owner's: it is not changed and not closed, its weights are shared and
     * not copied. Whoever closes it may do so while the source is open.
     *
     * @param name what it is called in messages and results
     * @param inputs the shapes of its inputs, batch included; sizes may be -1 for open, and an
     *     empty list leaves them all open
     * @param preferred the engine for a block that has no weights, which any would run: {@code
     *     pytorch}, or empty for any
     * @throws VitrailException of kind {@code MODEL} if the block is not initialised, or belongs to
     *     an engine that is not known here
     */
    GraphSource open(Block block, String name, List<Shape> inputs, String preferred);
}
