package io.vitrail.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** Make batches of a wanted size. */
final class BenchInputs {
    private BenchInputs() {}

    /**
     * Return a batch of so many items: made up, or those given, repeated as often as it takes.
     *
     * @param found what was given, or arrays of the shapes to make up
     * @param items null for as many as were found
     */
    static NDList of(NDList found, boolean made, @Nullable Integer items, NDManager manager) {
        NDList batch = new NDList();
        for (NDArray array : found) {
            batch.add(items == null ? array : sized(array, items, made, manager));
        }
        return made ? Sample.like(batch, manager) : batch;
    }

    private static NDArray sized(NDArray array, int items, boolean made, NDManager manager) {
        Shape shape = array.getShape();
        if (shape.dimension() == 0 || shape.get(0) == items) {
            return array; // a number for the whole batch
        }
        if (made) {
            long[] sizes = shape.getShape().clone();
            sizes[0] = items;
            return manager.zeros(new Shape(sizes), array.getDataType());
        }
        NDList copies = new NDList();
        for (long had = 0; had < items; had += shape.get(0)) {
            copies.add(array);
        }
        return NDArrays.concat(copies, 0).get(":" + items);
    }

    /** Return the number of items of a batch: the first axis of its first array. */
    static long items(NDList batch) {
        Shape shape = batch.head().getShape();
        return shape.dimension() == 0 ? 1 : shape.get(0);
    }
}
