package io.vitrail.format.keras;

import io.vitrail.api.VitrailException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Read the configuration of one layer.
 *
 * <p>Every getter refuses a value of another type than asked, with file, layer and key. A key that
 * is absent, or null in the file, counts as not given.
 */
public interface LayerConfig {
    /** Return the layer's own name: {@code stem}. */
    String name();

    /** Return the name with those of the models around it: {@code base/stem}. */
    String path();

    /** Return the class: {@code Conv2D}, or as it was registered: {@code mypackage>MyLayer}. */
    String className();

    /** Return file, path and class, as messages and {@code Node.place} have them. */
    String place();

    /** Return the major version of the Keras that wrote the file: 1, 2 or 3. */
    int kerasVersion();

    /** Return whether the key is there and not null. */
    boolean has(String key);

    /** Return a text that must be there. */
    String string(String key);

    /** Return a text, or what stands for it where it is not given. */
    String string(String key, String otherwise);

    /** Return a number that must be there. */
    double number(String key);

    /** Return a number, or what stands for it where it is not given. */
    double number(String key, double otherwise);

    /** Return a whole number that must be there. */
    long integer(String key);

    /** Return a whole number, or what stands for it where it is not given. */
    long integer(String key, long otherwise);

    /** Return true or false, or what stands for it where it is not given. */
    boolean flag(String key, boolean otherwise);

    /** Return whole numbers that must be there; a single one is a list of one. */
    List<Long> integers(String key);

    /** Return whole numbers, or what stands for them where they are not given. */
    List<Long> integers(String key, List<Long> otherwise);

    /** Return numbers, nested lists row by row; a single one is a list of one. */
    List<Double> numbers(String key);

    /**
     * Return an activation: a function by its name, such as {@code relu}, with an empty
     * configuration, or a layer by its class; {@code linear} where none is given.
     */
    LayerConfig activation(String key);

    /** Return the configuration of a layer inside of this one, such as that of a wrapper. */
    LayerConfig child(String key);

    /** Return the configurations of a list of layers inside of this one. */
    List<LayerConfig> children(String key);

    /**
     * Return a value as it is: null, Boolean, Long, Double, String, a List or a Map from String of
     * such; null where it is absent.
     */
    @Nullable Object value(String key);

    /**
     * Return an error of kind {@code MODEL} at this layer.
     *
     * @param what what the layer does wrong: {@code has 3 strides for 2 axes}
     */
    VitrailException refusal(String what, String remedy);
}
