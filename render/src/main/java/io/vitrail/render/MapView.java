package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Draw what a method found in the way that suits it.
 *
 * <p>By shape: a vector becomes bars; an array with more than four channels a grid of them; a row
 * of steps a {@link SeriesPlot}, a volume {@link OrthogonalSlices}; a map without channels, or with
 * one and a resolution of its own, lies over the picture; what has the picture's own resolution is
 * drawn pixel by pixel: in colour for methods that let only the positive part of the gradient pass
 * ({@code guided-backprop}, {@code deconvnet}, {@code guided-grad-cam}), else in grey. Small
 * pictures are enlarged, so that a 32x32 input can be seen.
 *
 * @param image the drawing
 * @param note what is to be said beside it ({@code map of zeros}, {@code 3 values not finite}), or
 *     empty
 */
public record MapView(BufferedImage image, String note) {
    /** Methods whose channels are pictures of their own, however few. */
    private static final Set<String> OF_FEATURES = Set.of("activation", "pre-activation");

    private static final Set<String> IN_COLOUR =
            Set.of("guided-backprop", "deconvnet", "guided-grad-cam");
    private static final int MANY_CHANNELS = 4;

    /**
     * Draw one item.
     *
     * @param method the method's id
     * @param item one item, with a first axis of size 1
     * @param shown the picture as the network saw it
     * @throws VitrailException of kind usage if the shape cannot be drawn; see {@link #canDraw}
     */
    public static MapView of(String method, Values item, Picture shown) {
        if (!Planes.fit(item)) {
            return plain(method, item);
        }
        Planes planes = Planes.of(item);
        int channels = planes.channels().length;
        boolean pixels = planes.width() == shown.width() && planes.height() == shown.height();
        if (channels > MANY_CHANNELS || channels > 1 && !pixels) {
            return plain(method, item);
        }
        if (pixels && item.axes().channel() >= 0) {
            return plain(method, item);
        }
        return new MapView(Overlay.of(item, Drawing.enlarged(shown)).image(), note(item));
    }

    /**
     * Draw one item without a picture, as for inputs that were arrays. Over a series, tokens or a
     * volume that is at hand: {@link SeriesPlot}, {@link ColouredTokens}, {@link OrthogonalSlices}.
     *
     * @throws VitrailException of kind usage if the shape cannot be drawn; see {@link #canDraw}
     */
    public static MapView plain(String method, Values item) {
        if (!hasForm(item)) {
            throw VitrailException.usage(
                    "an array of shape "
                            + Arrays.toString(item.shape())
                            + " cannot be drawn\n  do:  save it with --save npz");
        }
        if (item.axes().spatial().isEmpty()) {
            return new MapView(Bars.draw(item), note(item));
        }
        int channel = item.axes().channel();
        long channels = channel < 0 ? 1 : item.shape()[channel];
        if (channels > MANY_CHANNELS || channels > 1 && OF_FEATURES.contains(method)) {
            return new MapView(FeatureGrid.of(item).image(), both(depth(item), note(item)));
        }
        if (Volume.fit(item)) {
            return new MapView(OrthogonalSlices.of(item).image(), note(item));
        }
        if (item.axes().spatial().size() == 1) {
            return new MapView(SeriesPlot.of(item).image(), note(item));
        }
        Planes planes = Planes.of(item);
        GradientView view =
                item.axes().channel() < 0
                        ? GradientView.SIGNED
                        : IN_COLOUR.contains(method) ? GradientView.COLOUR : GradientView.GREY;
        return new MapView(Drawing.enlarged(view.draw(planes)).toBufferedImage(), note(item));
    }

    /**
     * Return whether one item of this shape can be drawn: a vector, or one to three axes of space
     * and none beside them and the channels.
     */
    public static boolean canDraw(Values item) {
        return hasForm(item) && (item.axes().spatial().isEmpty() || Planes.isOne(item));
    }

    private static boolean hasForm(Values item) {
        return item.size() > 0 && item.axes().spatial().size() <= 3;
    }

    /** Return which slices of a volume a grid shows; empty for what is no volume. */
    private static String depth(Values item) {
        if (!Volume.fit(item)) {
            return "";
        }
        Volume volume = Volume.of(item);
        return "depth " + FeatureGrid.strongestDepth(volume) + " of " + volume.size()[0];
    }

    private static String both(String first, String second) {
        return first + (first.isEmpty() || second.isEmpty() ? "" : ", ") + second;
    }

    private static String note(Values item) {
        int bad = 0;
        for (int i = 0; i < item.size(); i++) {
            if (!Double.isFinite(item.get(i))) {
                bad++;
            }
        }
        return bad > 0 ? bad + " values not finite" : item.isZero() ? "map of zeros" : "";
    }

    /** Write the drawing as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image, Map.of("Software", "Vitrail"));
    }
}
