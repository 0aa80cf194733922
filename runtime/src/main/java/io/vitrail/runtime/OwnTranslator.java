package io.vitrail.runtime;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Let a DJL model's own {@link Translator} make inputs of pictures, and name the classes.
 *
 * <p>It is prepared once, as a {@link Predictor} prepares it.
 */
final class OwnTranslator {
    private final ai.djl.Model model;
    private final Translator<Object, Object> translator;
    private boolean prepared;
    private @Nullable List<String> classes;

    @SuppressWarnings("unchecked") // a model does not say what its translator takes; it is tried
    OwnTranslator(ai.djl.Model model, Translator<?, ?> translator) {
        this.model = model;
        this.translator = (Translator<Object, Object>) translator;
    }

    /** Return whether several pictures can be one batch. */
    boolean batches() {
        return translator.getBatchifier() != null;
    }

    /**
     * Return pictures as one batch.
     *
     * @param manager of the model's engine; owns the arrays
     * @throws VitrailException of kind {@code INPUT} if the translator does not take them
     */
    NDList inputs(List<Image> pictures, NDManager manager) {
        try (Predictor.PredictorContext context = context(manager)) {
            NDList[] items = new NDList[pictures.size()];
            for (int i = 0; i < items.length; i++) {
                items[i] = translator.processInput(context, pictures.get(i));
            }
            Batchifier batchifier = translator.getBatchifier();
            NDList batch = batchifier == null ? items[0] : batchifier.batchify(items);
            batch.attach(manager);
            return batch;
        } catch (Exception e) {
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    model.getName()
                            + ": its translator, "
                            + translator.getClass().getName()
                            + ", does not make inputs of the picture: "
                            + e
                            + "\n  remedy: feed arrays, or say preprocess(SPEC)",
                    e);
        }
    }

    /**
     * Return the names of the classes, by what the translator makes of outputs of these shapes;
     * empty if it makes something else than classes of them.
     */
    synchronized List<String> classes(Graph graph, NDManager manager) {
        if (classes == null) {
            classes = named(graph, manager);
        }
        return classes;
    }

    private List<String> named(Graph graph, NDManager manager) {
        try (Predictor.PredictorContext context = context(manager)) {
            NDList outputs = new NDList();
            for (Graph.Result output : graph.outputs()) {
                Shape shape = graph.type(output.value()).shape();
                outputs.add(
                        context.getNDManager()
                                .zeros(batches() ? shape.slice(1) : shape, DataType.FLOAT32));
            }
            Object result = translator.processOutput(context, outputs);
            return result instanceof Classifications found
                    ? List.copyOf(found.getClassNames())
                    : List.of();
        } catch (Exception e) {
            return List.of(); // it wants more than shapes to go by: the classes stay numbers
        }
    }

    private synchronized Predictor.PredictorContext context(NDManager manager) throws Exception {
        Predictor.PredictorContext context =
                new Predictor.PredictorContext(model, manager, new ai.djl.metric.Metrics());
        try {
            if (!prepared) {
                translator.prepare(context);
                prepared = true;
            }
            return context;
        } catch (Exception e) {
            context.close();
            throw e;
        }
    }
}
