package io.vitrail.format.keras;

/** What a layer needs of the model around it: its weights once, and the readers of others. */
interface InnerCalls {
    /** Return the parameters of the model. */
    Parameters parameters();

    /** Return the reader of a layer inside of another one. */
    KerasLayer reader(LayerConfig config);
}
