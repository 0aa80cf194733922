package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;

/**
 * What an engine does for one model: own its weights, prepare plans, make arrays.
 *
 * <p>Safe for use by many threads.
 */
public interface Backend extends AutoCloseable {
    /** Return the engine's name: {@code pytorch}. */
    String engine();

    /** Return the name of the library behind it, for messages: {@code PyTorch}. */
    String library();

    /** Return a manager that nobody else closes. */
    NDManager newManager();

    /** Return whether an array is one of this engine's. */
    boolean owns(NDArray array);

    /**
     * Return an input in a type that no file of arrays and no picture has but the model wants, a
     * new array; or the input itself.
     */
    NDArray fitting(NDArray input, DataType wanted);

    /**
     * Return whether the built-in rule of guided backpropagation at a node can be part of a unit
     * with others; else the node is a unit of its own.
     */
    default boolean guides(Node node) {
        return false;
    }

    /**
     * Return a graph in the form that this engine runs.
     *
     * @throws io.vitrail.api.VitrailException if there is none
     */
    default Graph fitting(Graph graph) {
        return graph;
    }

    /** Make a plan ready to run. */
    Prepared prepare(Plan plan);

    /** Free the weights. */
    @Override
    void close();
}
