package io.vitrail.render;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Placement;
import io.vitrail.picture.Resampling;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lay a heat map over a picture.
 *
 * <p>The map, of any resolution, is resized to the picture (bilinear, half-pixel centres) and
 * scaled by the 99th percentile: of its positive part, or of its magnitudes where it has negative
 * values too, which then are blue and the positive ones red. The weaker the heat, the more of the
 * picture shows. Channels are summed. Immutable; each refinement returns a new overlay.
 */
public final class Overlay {
    static final double DEFAULT_ALPHA = 0.58;

    private final Values heat;
    private final Picture picture;
    private final @Nullable Placement placement;
    private final List<ColourMap> colours;
    private final double alpha;
    private final int item;
    private final List<Frames.Frame> frames;

    private Overlay(
            Values heat,
            Picture picture,
            @Nullable Placement placement,
            List<ColourMap> colours,
            double alpha,
            int item,
            List<Frames.Frame> frames) {
        this.heat = heat;
        this.picture = picture;
        this.placement = placement;
        this.colours = List.copyOf(colours);
        this.alpha = alpha;
        this.item = item;
        this.frames = List.copyOf(frames);
    }

    /**
     * Lay the only map of an attribution over a picture.
     *
     * @throws IllegalStateException if it has several: take one of {@link Attribution#parts}
     */
    public static Overlay of(Attribution heat, Picture picture) {
        return of(heat.values(), picture);
    }

    /** Lay the only map of an attribution over the picture in a file. */
    public static Overlay of(Attribution heat, Path picture) {
        return of(heat.values(), Picture.read(picture));
    }

    /** Lay a map, {@code (N, h, w)} with or without a channel axis, over a picture. */
    public static Overlay of(Values heat, Picture picture) {
        return new Overlay(heat, picture, null, List.of(), DEFAULT_ALPHA, 0, List.of());
    }

    /**
     * Choose the colours; the default is turbo, and diverging for heat with both signs.
     *
     * <p>Heat with both signs needs a map that {@link ColourMap#isSigned}; another is left for heat
     * without negative values. Both kinds may be chosen, one after the other; of one kind the last
     * holds.
     */
    public Overlay colourMap(ColourMap map) {
        List<ColourMap> both = ColourMaps.with(colours, map);
        return new Overlay(heat, picture, placement, both, alpha, item, frames);
    }

    /**
     * Choose how much of the full colour covers the picture where the heat is strongest, 0 to 1.
     */
    public Overlay alpha(double opacity) {
        if (!(opacity >= 0 && opacity <= 1)) {
            throw new IllegalArgumentException("alpha is 0 to 1, not " + opacity);
        }
        return new Overlay(heat, picture, placement, colours, opacity, item, frames);
    }

    /**
     * Say which part of the picture the network saw; without it the map is stretched over the whole
     * picture. What lies outside is shown pale.
     */
    public Overlay placement(Placement seen) {
        return new Overlay(heat, picture, seen, colours, alpha, item, frames);
    }

    /** Choose the item of a batch; the default is the first. */
    public Overlay item(int n) {
        return new Overlay(heat, picture, placement, colours, alpha, n, frames);
    }

    /** Draw these boxes over the heat, such as those that a detector predicts. */
    public Overlay frames(List<Frames.Frame> boxes) {
        return new Overlay(heat, picture, placement, colours, alpha, item, boxes);
    }

    /** Return whether the map is zero everywhere, or nowhere positive without being negative. */
    public boolean isEmpty() {
        return Range.of(Planes.of(heat.item(item)).sum()).isEmpty();
    }

    /** Draw it, at the size of the picture. */
    public Picture picture() {
        return Picture.of(image());
    }

    /** Draw it, at the size of the picture. */
    public BufferedImage image() {
        Planes planes = Planes.of(heat.item(item));
        float[] map = planes.sum();
        int width = picture.width();
        int height = picture.height();
        Placement seen =
                placement == null
                        ? Placement.stretched(width, height, planes.width(), planes.height())
                        : placement;
        Range range = Range.of(map);
        ColourMap chosen = ColourMaps.chosen(colours, range.signed(), Colours.TURBO);
        float[] large =
                Resampling.BILINEAR.resize(
                        map, planes.width(), planes.height(), box(seen, planes), width, height);
        BufferedImage drawn = picture.toBufferedImage();
        int[] pixels = ((DataBufferInt) drawn.getRaster().getDataBuffer()).getData();
        HeatBlend.of(range, ColourTable.of(chosen), alpha)
                .over(pixels, width, large, seen.viewInPicture());
        return frames.isEmpty() ? drawn : Frames.over(drawn, frames, 1);
    }

    /** The picture's rectangle in the coordinates of the map. */
    private static Resampling.Box box(Placement seen, Planes planes) {
        Resampling.Box box = seen.pictureInView();
        double x = (double) planes.width() / seen.viewWidth();
        double y = (double) planes.height() / seen.viewHeight();
        return new Resampling.Box(box.left() * x, box.top() * y, box.right() * x, box.bottom() * y);
    }

    /** Write it as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image(), Map.of("Software", "Vitrail"));
    }
}
