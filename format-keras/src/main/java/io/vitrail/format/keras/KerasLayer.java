package io.vitrail.format.keras;

import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Set;

/**
 * Read one or more classes of Keras layers, found through {@link java.util.ServiceLoader}.
 *
 * <p>This is how a custom layer is taught: its configuration and its weights come in, nodes of the
 * graph go out. Nothing of the file is executed. The layers of Keras itself are read by the same
 * interface.
 *
 * <pre>{@code
 * public final class Swirl implements KerasLayer { // y = tanh(x W)
 *     public Set<String> classNames() {
 *         return Set.of("mypackage>Swirl");
 *     }
 *
 *     public List<Value> read(LayerBuilder layer) {
 *         long in = layer.lastSize(layer.input());
 *         long units = layer.config().integer("units");
 *         Parameter kernel = layer.weight("kernel", 0, new Shape(in, units), List.of(1, 0));
 *         Value product = layer.add(new Operator.Linear(), Map.of("weight", kernel), layer.input());
 *         return List.of(layer.add(new Operator.Tanh(), product));
 *     }
 * }
 * }</pre>
 */
public interface KerasLayer {
    /**
     * Return the classes that it reads, as files name them: {@code Conv2D}, or with the package
     * that a custom layer was registered in, {@code mypackage>MyLayer}.
     */
    Set<String> classNames();

    /**
     * Add the nodes of one call of a layer.
     *
     * @return what the call returns, one value for most layers
     * @throws io.vitrail.api.VitrailException if the configuration or the weights are not as they
     *     must be; {@link LayerBuilder#refusal} makes it
     */
    List<Value> read(LayerBuilder layer);
}
