package io.vitrail.render;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draw three slices of a volume at right angles, through the place of the strongest attribution.
 *
 * <p>The volume is grey, from its smallest to its largest value; heat lies over it as in {@link
 * Overlay}, with one scale for all three slices. Heat of another size is resized to the volume's
 * (linear along each axis, half-pixel centres); channels of either are summed. Immutable; each
 * refinement returns a new drawing.
 */
public final class OrthogonalSlices {
    private final Volume space;
    private final float[] heat;
    private final Range range;
    private final float @Nullable [] grey;
    private final int[] position;
    private final List<ColourMap> colours;

    private OrthogonalSlices(
            Volume space,
            float[] heat,
            Range range,
            float @Nullable [] grey,
            int[] position,
            List<ColourMap> colours) {
        this.space = space;
        this.heat = heat;
        this.range = range;
        this.grey = grey;
        this.position = position;
        this.colours = colours;
    }

    /**
     * Lay the only map of an attribution over a volume.
     *
     * @throws IllegalStateException if it has several: take one of {@link Attribution#parts}
     */
    public static OrthogonalSlices of(Attribution heat, Values volume) {
        return of(heat.values(), volume);
    }

    /**
     * Lay a map over a volume.
     *
     * @param heat one item, {@code (1, depth, height, width)} with or without a channel axis
     * @param volume one item, likewise
     * @throws VitrailException of kind usage if either has not three axes of space, or several
     *     items
     */
    public static OrthogonalSlices of(Values heat, Values volume) {
        Volume map = Volume.of(heat);
        Volume under = Volume.of(volume);
        float[] sum = map.sum();
        float[] large = Interpolation.linear(sum, map.size(), under.size());
        return new OrthogonalSlices(
                under, large, Range.of(sum), under.sum(), under.strongest(large), List.of());
    }

    /** Draw a map alone, in the colours of its numbers. */
    public static OrthogonalSlices of(Values heat) {
        Volume map = Volume.of(heat);
        float[] sum = map.sum();
        return new OrthogonalSlices(map, sum, Range.of(sum), null, map.strongest(sum), List.of());
    }

    /** Return whether a map can lie over a volume: each has three axes of space. */
    public static boolean fits(Values heat, Values volume) {
        return Volume.fit(heat) && Volume.fit(volume);
    }

    /**
     * Choose the place through which the slices go; the default is the largest magnitude.
     *
     * @throws IllegalArgumentException if it lies outside
     */
    public OrthogonalSlices at(int depth, int height, int width) {
        int[] place = {depth, height, width};
        for (int i = 0; i < place.length; i++) {
            if (place[i] < 0 || place[i] >= space.size()[i]) {
                throw new IllegalArgumentException(
                        Arrays.toString(place)
                                + " is outside of a volume of "
                                + Arrays.toString(space.size()));
            }
        }
        return new OrthogonalSlices(space, heat, range, grey, place, colours);
    }

    /**
     * Choose the colours; the default is turbo, and diverging for heat with both signs, which needs
     * a map that {@link ColourMap#isSigned}.
     */
    public OrthogonalSlices colourMap(ColourMap map) {
        return new OrthogonalSlices(
                space, heat, range, grey, position, ColourMaps.with(colours, map));
    }

    /** Return the place through which the slices go: depth, height, width. */
    public int[] position() {
        return position.clone();
    }

    /** Draw it. */
    public BufferedImage image() {
        ColourMap usual = grey == null ? Colours.VIRIDIS : Colours.TURBO;
        HeatColours shades = HeatColours.of(range, colours, usual);
        return new SliceLayout(space.size(), heat, grey, position, shades).draw();
    }

    /** Write it as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image(), Map.of("Software", "Vitrail"));
    }
}
