package io.vitrail.format.keras;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Read one or more classes of cells, which a recurrent layer calls once a step.
 *
 * <p>{@link #read} adds the nodes of one step: the builder's inputs are the step of the sequence
 * (N, ...), then the states; it returns the output, then the next states.
 *
 * <pre>{@code
 * public final class Fading implements KerasCell { // h' = relu(x W + rate h)
 *     public Set<String> classNames() {
 *         return Set.of("mypackage>Fading");
 *     }
 *
 *     public List<Shape> states(LayerBuilder cell) {
 *         return List.of(new Shape(cell.config().integer("units")));
 *     }
 *
 *     public List<Value> read(LayerBuilder cell) {
 *         Value x = cell.inputs().get(0);
 *         Value h = cell.inputs().get(1);
 *         Shape stored = new Shape(cell.lastSize(x), cell.lastSize(h));
 *         Parameter kernel = cell.weight("kernel", 0, stored, List.of(1, 0));
 *         Value seen = cell.add(new Operator.Linear(), Map.of("weight", kernel), x);
 *         Value kept = cell.add(new Operator.Scale(cell.config().number("rate"), 0), h);
 *         Value sum = cell.add(new Operator.Add(), seen, kept);
 *         Value next = cell.add(new Operator.Relu(), sum);
 *         return List.of(next, next);
 *     }
 * }
 * }</pre>
 */
public interface KerasCell extends KerasLayer {
    /**
     * Return the shape of each state of one item, without the batch; they begin with zeros.
     *
     * @param cell the builder's only input is the sequence (N, steps, ...)
     */
    List<Shape> states(LayerBuilder cell);
}
