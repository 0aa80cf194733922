package io.vitrail.api;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Graph;
import java.util.List;

/**
 * A network, ready to run on an engine.
 *
 * <p>Immutable and safe for use by many threads at once. Runs in evaluation mode, whatever mode it
 * was saved in. Every method throws {@link IllegalStateException} once the model is closed.
 */
public interface Model extends AutoCloseable {
    /** Return the name for messages and results: that of the file. */
    String name();

    /** Return the id of the format that it was read from: {@code torchscript}. */
    String format();

    /** Return the name of the engine that it runs on: {@code pytorch}. */
    String engine();

    /**
     * Return the inputs as the source declares them; sizes that it leaves open are -1, and a rank
     * that it leaves open is rank 0.
     */
    List<Graph.Port> inputs();

    /** Return the layers of the network as it runs on inputs of these shapes. */
    Layers layers(NDList inputs);

    /**
     * Run the network on a batch.
     *
     * @param probe what to keep and where to differentiate
     * @param inputs one array an input, first axis the batch; not changed, not closed; the caller
     *     may close them while the pass is open
     * @throws VitrailException if the number, shape or type of the inputs does not fit
     */
    Pass run(Probe probe, NDList inputs);

    /**
     * Return a new manager for inputs of this model, on its engine and device; the caller closes
     * it.
     */
    NDManager newManager();

    /**
     * Free the weights; passes that are open stay valid until they are closed. Further calls do
     * nothing.
     */
    @Override
    void close();
}
