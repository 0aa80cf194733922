package io.vitrail.cli;

import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Hold what {@code --shape} says against a model and this machine, before memory is taken. */
final class AskedShape {
    private static final double GB = 1e9;

    /** What a network makes of its input takes many times the room. */
    private static final double SHARE_OF_MEMORY = 0.25;

    private AskedShape() {}

    /**
     * Return the shape, if it may be that of a model's first input.
     *
     * @throws VitrailException of kind {@code USAGE} if it has another number of axes, or an array
     *     of it is too large for this machine
     */
    static Shape checked(Shape shape, Model model) {
        Graph.Port port = model.inputs().get(0);
        Shape declared = port.type().shape();
        if (declared.dimension() > 0 && declared.dimension() != shape.dimension()) {
            throw refused(
                    shape,
                    shape.dimension()
                            + (shape.dimension() == 1 ? " size" : " sizes")
                            + ", but input '"
                            + port.name()
                            + "' of "
                            + model.name()
                            + " has "
                            + declared.dimension()
                            + "\n  expected: "
                            + spelled(declared)
                            + ", ? for any size");
        }
        double elements = 1;
        for (long size : shape.getShape()) {
            elements *= size;
        }
        double bytes = elements * Math.max(4, port.type().type().getNumOfBytes());
        double memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        if (elements > Integer.MAX_VALUE || bytes > SHARE_OF_MEMORY * memory) {
            throw refused(
                    shape,
                    String.format(
                            Locale.ROOT,
                            "too large: the input alone takes %.0f GB, and this machine has %.0f GB",
                            bytes / GB,
                            memory / GB));
        }
        return shape;
    }

    /** Return sizes as {@code --shape} takes them. */
    static String spelled(Shape shape) {
        StringBuilder text = new StringBuilder();
        for (long size : shape.getShape()) {
            text.append(text.isEmpty() ? "" : "x").append(size < 0 ? "?" : String.valueOf(size));
        }
        return text.toString();
    }

    static VitrailException refused(Shape shape, String why) {
        return VitrailException.usage("--shape " + spelled(shape) + ": " + why);
    }
}
