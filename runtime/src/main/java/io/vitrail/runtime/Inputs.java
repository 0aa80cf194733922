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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What is to be explained. */
sealed interface Inputs
        permits Inputs.Arrays, Pictures, TranslatedPictures, Sequence, DatasetInputs {

    /**
     * Some items, ready for the network.
     *
     * @param seen the pictures as the network sees them, one an item; empty for arrays
     */
    record Chunk(NDList arrays, List<Prepared> seen) {
        int items() {
            return Run.items(arrays);
        }
    }

    /** Inputs as a model takes them, in batches, one after the other. */
    interface Feed extends AutoCloseable {
        /** Return the number of items, or -1 where only the end will tell. */
        int items();

        /** Return how many items make a batch where the caller does not say. */
        int usualBatch();

        /** Return how pictures become inputs, in full spelling; empty for arrays. */
        String preprocess();

        /**
         * Return the next items, or nothing at the end.
         *
         * @param manager owns what is created
         * @param most how many at most
         */
        Optional<Chunk> next(NDManager manager, int most);

        /** Let go of what the inputs come from. */
        @Override
        default void close() {
            // most inputs hold nothing
        }
    }

    /** Make these inputs ready for a model. */
    Feed feed(Model model, NDManager manager, String preprocess);

    /**
     * An input by itself.
     *
     * @param input as the caller gave it
     * @param content what it is of: a {@link java.nio.file.Path}, {@link
     *     io.vitrail.picture.Picture} or {@link ai.djl.modality.cv.Image}, {@link Values}, an
     *     {@link NDList} or a function that makes one; or a supplier of one of these
     */
    record Given(Object input, Object content) {}

    /** Inputs one by one, as many as there are. */
    interface OneByOne extends Iterator<Given>, AutoCloseable {
        /** Return these items, which come from nothing that is to be let go of. */
        static OneByOne of(Iterator<Given> items) {
            return of(items, item -> item, () -> {});
        }

        /** Return what is given of these items, each looked at when its turn comes. */
        static <T> OneByOne of(Iterator<T> items, Function<T, Given> given, Runnable onClose) {
            return new OneByOne() {
                @Override
                public boolean hasNext() {
                    return items.hasNext();
                }

                @Override
                public Given next() {
                    return given.apply(items.next());
                }

                @Override
                public void close() {
                    onClose.run();
                }
            };
        }

        /** Let go of what the inputs come from. */
        @Override
        void close();
    }

    /**
     * Return these inputs one by one; nothing is looked at yet.
     *
     * @param manager of the model's engine; lives until all inputs have been explained
     */
    OneByOne oneByOne(NDManager manager, String preprocess);

    /** Numbers that are fed as they are. */
    record Arrays(Function<NDManager, NDList> create) implements Inputs {
        @Override
        public Feed feed(Model model, NDManager manager, String preprocess) {
            NDList arrays = create.apply(manager);
            InputCheck.check(model, arrays);
            return new ArrayFeed(arrays);
        }

        @Override
        public OneByOne oneByOne(NDManager manager, String preprocess) {
            return OneByOne.of(List.of(new Given("arrays", create)).iterator());
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
                    values.forEach(one -> arrays.add(created(manager, one)));
                    return arrays;
                });
    }

    /** Return values as an array. */
    static NDArray created(NDManager manager, Values values) {
        Shape shape = new Shape(values.shape());
        return values.isDouble()
                ? manager.create(values.toDoubles(), shape)
                : manager.create(values.toFloats(), shape);
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
    final class ArrayFeed implements Feed {
        private final NDList arrays;
        private int at;

        ArrayFeed(NDList arrays) {
            this.arrays = arrays;
        }

        @Override
        public int items() {
            return Run.items(arrays);
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
        public Optional<Chunk> next(NDManager manager, int most) {
            int from = at;
            at = Math.min(items(), from + most);
            if (from == at) {
                return Optional.empty();
            }
            boolean whole = at - from == items();
            NDList some = whole ? arrays : slice(manager, arrays, from, at);
            return Optional.of(new Chunk(some, List.of()));
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
