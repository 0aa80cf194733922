package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is to be explained. */
sealed interface Inputs permits Inputs.Arrays, Pictures, TranslatedPictures {

    /**
     * Inputs as a model takes them, in batches.
     *
     * @param preprocess how pictures became inputs, in full spelling; empty for arrays
     */
    interface Feed {
        /** Return the number of items. */
        int items();

        /** Return how many items make a batch where the caller does not say. */
        int usualBatch();

        /** Return how pictures become inputs, in full spelling; empty for arrays. */
        String preprocess();

        /**
         * Return some of the items.
         *
         * @param manager owns what is created
         * @param seen receives each picture as the network sees it
         */
        NDList batch(NDManager manager, int from, int to, List<Prepared> seen);
    }

    /** Make these inputs ready for a model. */
    Feed feed(Model model, NDManager manager, String preprocess);

    /** Numbers that are fed as they are. */
    record Arrays(Function<NDManager, NDList> create) implements Inputs {
        @Override
        public Feed feed(Model model, NDManager manager, String preprocess) {
            NDList arrays = create.apply(manager);
            InputCheck.check(model, arrays);
            return new ArrayFeed(arrays);
        }
    }

    /** Feed arrays that the caller made. */
    static Inputs arrays(NDList arrays) {
        return new Arrays(manager -> arrays);
    }

    /** Feed values, one for each input. */
    static Inputs values(List<Values> values) {
        return new Arrays(
                manager -> {
                    NDList arrays = new NDList();
                    for (Values one : values) {
                        Shape shape = new Shape(one.shape());
                        arrays.add(
                                one.isDouble()
                                        ? manager.create(one.toDoubles(), shape)
                                        : manager.create(one.toFloats(), shape));
                    }
                    return arrays;
                });
    }

    /** Feed floats to the only input. */
    static Inputs floats(float[] data, long... shape) {
        Shape wanted = new Shape(shape);
        long size = 1;
        for (long axis : shape) {
            size = axis < 0 || size < 0 || size > Integer.MAX_VALUE ? -1 : size * axis;
        }
        if (size != data.length) {
            throw VitrailException.input(
                    "input: "
                            + data.length
                            + " numbers are not an array of shape "
                            + wanted
                            + "; the sizes must multiply to that number");
        }
        return new Arrays(manager -> new NDList(manager.create(data, wanted)));
    }

    /** Arrays, cut along their first axis. */
    record ArrayFeed(NDList arrays) implements Feed {
        @Override
        public int items() {
            return (int) arrays.head().getShape().get(0);
        }

        @Override
        public int usualBatch() {
            return items();
        }

        @Override
        public String preprocess() {
            return "";
        }

        @Override
        public NDList batch(NDManager manager, int from, int to, List<Prepared> seen) {
            if (from == 0 && to == items()) {
                return arrays;
            }
            return slice(manager, arrays, from, to);
        }
    }

    /** Return items {@code from} to {@code to} of every array, on another manager. */
    static NDList slice(NDManager manager, NDList arrays, long from, long to) {
        List<NDArray> parts = new ArrayList<>();
        for (NDArray array : arrays) {
            NDArray part = array.get(from + ":" + to);
            part.attach(manager);
            parts.add(part);
        }
        return new NDList(parts);
    }
}
