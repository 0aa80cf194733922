package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Inputs one after the other, however many.
 *
 * <p>Pictures ({@link Path}, {@link Picture}, {@link Image}) that follow one another make a batch,
 * and so do {@link Values} of one item each and one shape. Larger values, {@link NDList}s and
 * functions that make them are batches of their own. A supplier is asked when its turn comes.
 *
 * @param items in order
 * @param onClose lets go of where they come from
 */
record Sequence(Supplier<Iterator<?>> items, Runnable onClose) implements Inputs {
    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return new SequenceFeed(model, preprocess);
    }

    @Override
    public OneByOne oneByOne(NDManager manager, String preprocess) {
        return OneByOne.of(items.get(), input -> new Given(input, input), onClose);
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
            return next != null || !coming.hasNext() ? next : asked(coming.next());
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
                    arrays(batch.get(0))
                            .map(made -> made.apply(manager))
                            .orElseGet(
                                    () ->
                                            new NDList(
                                                    Inputs.created(
                                                            manager,
                                                            Joining.values(
                                                                    batch.stream()
                                                                            .map(Sequence::values)
                                                                            .toList()))));
            InputCheck.check(model, arrays);
            return new Chunk(arrays, List.of());
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    /** Return what a supplier has, or the item itself. */
    static Object asked(Object item) {
        return item instanceof Supplier<?> supplier ? supplier.get() : item;
    }

    static boolean isPicture(Object item) {
        return item instanceof Path || item instanceof Picture || item instanceof Image;
    }

    private static boolean together(Object first, Object next) {
        return isPicture(first) && isPicture(next)
                || first instanceof Values one
                        && next instanceof Values other
                        && Read.together(
                                new Read.Numbers(0, one, one), new Read.Numbers(1, other, other));
    }

    private static Supplier<Picture> reading(Object item) {
        return () -> picture(item);
    }

    /** Return the picture that a path, a picture or an image is. */
    static Picture picture(Object item) {
        return item instanceof Path file
                ? Picture.read(file)
                : item instanceof Image image ? Pictures.picture(image) : (Picture) item;
    }

    /** Return how arrays are made of an item that is a list of them, or a function. */
    @SuppressWarnings("unchecked") // a function takes and returns what it must, or fails as it runs
    static Optional<Function<NDManager, NDList>> arrays(Object item) {
        return item instanceof NDList list
                ? Optional.of(manager -> list)
                : item instanceof Function<?, ?> function
                        ? Optional.of((Function<NDManager, NDList>) function)
                        : Optional.empty();
    }

    static Values values(Object item) {
        if (item instanceof Values values) {
            return values;
        }
        throw VitrailException.input(
                "input: a "
                        + item.getClass().getName()
                        + " is none\n  known: Path, Picture, ai.djl.modality.cv.Image, Values,"
                        + " NDList, a Function from NDManager to NDList, or a Supplier of these");
    }
}
