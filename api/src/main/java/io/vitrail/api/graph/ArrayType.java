package io.vitrail.api.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Describe an array of a graph.
 *
 * @param shape its shape; -1 stands for a size that is free
 * @param type its element type
 * @param axes which axes are space and channel
 */
public record ArrayType(Shape shape, DataType type, Axes axes) {}
