package io.vitrail.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;

/** Make up inputs where nobody gives one: the same ones each time. */
final class Sample {
    private static final long SEED = 0;

    private Sample() {}

    /**
     * Return arrays of the shapes and types of others: normal numbers, or 0 and 1 where whole
     * numbers are wanted, which every vocabulary has.
     */
    static NDList like(NDList others, NDManager manager) {
        Random random = new Random(SEED);
        NDList arrays = new NDList();
        for (NDArray other : others) {
            DataType type = other.getDataType();
            float[] numbers = new float[Math.toIntExact(other.size())];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = type.isFloating() ? (float) random.nextGaussian() : random.nextInt(2);
            }
            arrays.add(manager.create(numbers, other.getShape()).toType(type, false));
        }
        return arrays;
    }
}
