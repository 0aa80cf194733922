package io.vitrail.render;

/**
 * Turn a number into a colour; a plugin's own is found through {@link java.util.ServiceLoader}.
 *
 * <p>A map is stateless and used by many threads. {@link Colours} are built in.
 */
public interface ColourMap {
    /** Return the id that callers type: lower case letters, digits and {@code -}. */
    String id();

    /** Return whether the map stands for numbers of both signs, with 0 in the middle. */
    boolean isSigned();

    /**
     * Return the colour {@code 0xRRGGBB} of a number.
     *
     * @param value 0 to 1, or -1 to 1 where the map {@link #isSigned}; beyond, the last colour
     *     holds; NaN may have any
     */
    int rgb(double value);
}
