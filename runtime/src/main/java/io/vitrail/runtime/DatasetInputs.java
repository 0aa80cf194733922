package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The data of a dataset of DJL's, in its own batches, fed as they are; labels are not looked at.
 */
record DatasetInputs(Dataset dataset) implements Inputs {
    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return new DatasetFeed(model, batches(manager));
    }

    private Iterator<Batch> batches(NDManager manager) {
        try {
            return dataset.getData(manager).iterator();
        } catch (IOException | TranslateException e) {
            throw new VitrailException(
                    VitrailException.Kind.INPUT, "dataset: cannot be read: " + e, e);
        }
    }

    @Override
    public OneByOne oneByOne(NDManager manager, String preprocess) {
        // a dataset closes its manager as soon as it has no more, which others still explain
        Iterator<Batch> coming = batches(manager.newSubManager());
        return OneByOne.of(coming, batch -> handedOver(batch, manager), () -> {});
    }

    /** Keep the data of a batch, and let the batch end. */
    private static Given handedOver(Batch batch, NDManager keeper) {
        NDList data = batch.getData();
        data.attach(keeper);
        batch.close();
        Function<NDManager, NDList> arrays =
                manager -> {
                    data.attach(manager);
                    return data;
                };
        return new Given(batch, arrays);
    }

    private static final class DatasetFeed implements Feed {
        private final Model model;
        private final Iterator<Batch> batches;
        private @Nullable Batch inHand;

        DatasetFeed(Model model, Iterator<Batch> batches) {
            this.model = model;
            this.batches = batches;
        }

        @Override
        public int items() {
            return -1;
        }

        @Override
        public int usualBatch() {
            return Integer.MAX_VALUE;
        }

        @Override
        public String preprocess() {
            return "";
        }

        @Override
        public Optional<Chunk> next(NDManager manager, int most) {
            close();
            if (!batches.hasNext()) {
                return Optional.empty();
            }
            Batch batch = batches.next();
            inHand = batch;
            InputCheck.check(model, batch.getData());
            return Optional.of(new Chunk(batch.getData(), List.of()));
        }

        @Override
        public void close() {
            Batch last = inHand;
            inHand = null;
            if (last != null) {
                last.close();
            }
        }
    }
}
