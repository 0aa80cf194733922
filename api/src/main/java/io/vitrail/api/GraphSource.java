package io.vitrail.api;

import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Graph;
import java.util.List;
import java.util.Optional;

/**
 * A model that was read and found sound, from which graphs are made.
 *
 * <p>A source of a static format, which any engine can run, draws the same graph at the sizes of
 * the inputs, whatever the batch; TorchScript is recorded anew for each shape. Graphs of one source
 * share their {@link io.vitrail.api.graph.Parameter parameters}, so that an engine makes its arrays
 * once. Safe for use by many threads.
 */
public interface GraphSource extends AutoCloseable {
    /** Return the id of the format: {@code torchscript}. */
    String format();

    /** Return the name for messages and results: that of the file. */
    String name();

    /** Return the only engine that can make and run the graphs, or empty if any can. */
    Optional<String> engine();

    /** Return the inputs as declared; open sizes are -1, an open rank is rank 0. */
    List<Graph.Port> inputs();

    /**
     * Return the graph for inputs of these shapes.
     *
     * @throws VitrailException if the model cannot be resolved, or refuses these inputs
     */
    Graph graph(NDList inputs);

    /** Let go of the file. */
    @Override
    void close();
}
