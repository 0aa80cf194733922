package io.vitrail.format.keras;

import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.file.StoredModel;
import java.util.List;

/** What a layer needs of the model around it: its weights once, and the readers of others. */
interface InnerCalls {
    /** Return the parameters of the model. */
    Parameters parameters();

    /** Call a model inside of a layer; return its outputs. */
    List<Value> call(StoredModel model, List<Value> inputs, GraphDraft draft);

    /** Return the reader of a layer inside of another one. */
    KerasLayer reader(LayerConfig config);
}
