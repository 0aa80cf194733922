package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Shapes and types of a model's inputs, types as DJL has them. */
public record InputKey(List<Shape> shapes, List<DataType> types) {
    public static InputKey of(NDList inputs) {
        List<Shape> shapes = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        for (NDArray input : inputs) {
            shapes.add(input.getShape());
            types.add(input.getDataType());
        }
        return new InputKey(shapes, types);
    }
}
