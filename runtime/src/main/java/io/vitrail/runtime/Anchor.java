package io.vitrail.runtime;

import io.vitrail.api.VitrailException;
import java.io.Serializable;

/**
 * Say how large a box of a YOLO detector is before the network scales it.
 *
 * @param width in pixels of the network's input, above 0
 * @param height likewise
 */
public record Anchor(double width, double height) implements Serializable {
    public Anchor {
        if (!(width > 0 && height > 0 && width < Short.MAX_VALUE && height < Short.MAX_VALUE)) {
            throw VitrailException.usage(
                    "anchor "
                            + width
                            + " x "
                            + height
                            + ": is no size of a box; in pixels of the network's input, such as"
                            + " 116x90");
        }
    }
}
