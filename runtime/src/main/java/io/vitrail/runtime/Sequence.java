package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Inputs one after the other, however many.
 *
 * <p>Pictures ({@link Path}, {@link Picture}, {@link Image}, {@link Supplier} of one) that follow
 * one another make a batch, and so do {@link Values} of one item each and one shape. Larger values
 * and {@link NDList}s are batches of their own.
 *
 * @param items in order
 * @param onClose lets go of where they come from
 */
record Sequence(Supplier<Iterator<?>> items, Runnable onClose) implements Inputs {
    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return new SequenceFeed(model, preprocess);
    }

    /** Looks at no more than one item beyond those of its batch. */
    private final class SequenceFeed implements Feed {
        private final Model model;
        private final String preprocess;
        private final Iterator<?> coming = items.get();
        private @Nullable Object waiting;
        private @Nullable Preparation preparation;

        SequenceFeed(Model model, String preprocess) {
            this.model = model;
            this.preprocess = preprocess;
        }

        @Override
        public int items() {
            return -1;
        }

        @Override
        public int usualBatch() {
            return Pictures.USUAL_BATCH;
        }

        @Override
        public String preprocess() {
            Preparation known = preparation;
            return known == null ? "" : known.spec().spelling();
        }

        @Override
        public Optional<Chunk> next(NDManager manager, int most) {
            Object first = take();
            if (first == null) {
                return Optional.empty();
            }
            List<Object> batch = new ArrayList<>(List.of(first));
            while (batch.size() < most) {
                Object next = take();
                if (next == null || !together(first, next)) {
                    waiting = next;
                    break;
                }
                batch.add(next);
            }
            return Optional.of(chunk(manager, batch));
        }

        private @Nullable Object take() {
            Object next = waiting;
            waiting = null;
            return next != null || !coming.hasNext() ? next : coming.next();
        }

        private Chunk chunk(NDManager manager, List<Object> batch) {
            if (isPicture(batch.get(0))) {
                Preparation known = preparation;
                if (known == null) {
                    known = Preparation.of(model, preprocess);
                    preparation = known;
                }
                return known.chunk(manager, batch.stream().map(Sequence::reading).toList());
            }
            NDList arrays =
                    batch.get(0) instanceof NDList list
                            ? list
                            : new NDList(
                                    joined(manager, batch.stream().map(Sequence::values).toList()));
            InputCheck.check(model, arrays);
            return new Chunk(arrays, List.of());
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    private static boolean isPicture(Object item) {
        return item instanceof Path
                || item instanceof Picture
                || item instanceof Image
                || item instanceof Supplier<?>;
    }

    private static boolean together(Object first, Object next) {
        return isPicture(first) && isPicture(next)
                || first instanceof Values one
                        && next instanceof Values other
                        && one.shape().length > 0
                        && one.shape()[0] == 1
                        && java.util.Arrays.equals(one.shape(), other.shape())
                        && one.isDouble() == other.isDouble();
    }

    private static Supplier<Picture> reading(Object item) {
        return () -> picture(item instanceof Supplier<?> later ? later.get() : item);
    }

    private static Picture picture(@Nullable Object item) {
        if (item instanceof Picture picture) {
            return picture;
        }
        if (item instanceof Path file) {
            return Picture.read(file);
        }
        if (item instanceof Image image) {
            return Pictures.picture(image);
        }
        throw none(item);
    }

    private static Values values(Object item) {
        if (item instanceof Values values) {
            return values;
        }
        throw none(item);
    }

    private static VitrailException none(@Nullable Object item) {
        return VitrailException.input(
                "input: "
                        + (item == null ? "null" : "a " + item.getClass().getName())
                        + " is none\n  known: Path, Picture, ai.djl.modality.cv.Image, a Supplier of"
                        + " one of them, Values, NDList");
    }

    private static NDArray joined(NDManager manager, List<Values> values) {
        return Inputs.created(manager, Joining.values(values));
    }
}
