package io.vitrail.render;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draw a series as lines, with the attribution as colour below them.
 *
 * <p>One panel a channel of the series. A map with the series' own channels has a band of colour
 * below each line; one without (Grad-CAM), or with other channels, which are summed, has one band
 * for all. A map of another number of steps is resized (linear, half-pixel centres). Red speaks for
 * the score and blue against it, full at the 99th percentile of the magnitudes; where there are
 * more steps than pixels, a column shows the range of its steps, and the strongest colour among
 * them. Immutable; each refinement returns a new plot.
 */
public final class SeriesPlot {
    private static final int DEFAULT_CHANNELS = 12;

    private final Steps heat;
    private final Range range;
    private final Steps series;
    private final @Nullable List<String> names;
    private final List<ColourMap> colours;
    private final int most;

    private SeriesPlot(
            Steps heat,
            Range range,
            Steps series,
            @Nullable List<String> names,
            List<ColourMap> colours,
            int most) {
        this.heat = heat;
        this.range = range;
        this.series = series;
        this.names = names;
        this.colours = colours;
        this.most = most;
    }

    /**
     * Draw the only map of an attribution below a series.
     *
     * @throws IllegalStateException if it has several: take one of {@link Attribution#parts}
     */
    public static SeriesPlot of(Attribution heat, Values series) {
        return of(heat.values(), series);
    }

    /**
     * Draw a map below a series.
     *
     * @param heat one item, {@code (1, steps)} with or without a channel axis
     * @param series one item: {@code (1, T, C)}, {@code (1, C, T)} as its axes say, or {@code (1,
     *     T)}
     * @throws VitrailException of kind usage if either has no axis of steps, more than one, or
     *     several items
     */
    public static SeriesPlot of(Values heat, Values series) {
        Steps line = Steps.of(series, "a series");
        Steps map = Steps.of(heat, "a map");
        boolean own = map.channels().length == line.channels().length;
        Steps shown = own ? map : new Steps(new float[][] {map.sum()});
        return new SeriesPlot(
                shown.resized(line.count()),
                Range.of(shown.all()),
                line,
                null,
                List.of(),
                DEFAULT_CHANNELS);
    }

    /** Draw a map alone: its numbers are the line, and the colour below it. */
    public static SeriesPlot of(Values heat) {
        return of(heat, heat);
    }

    /** Return whether a map can be drawn below a series: each a row of steps. */
    public static boolean fits(Values heat, Values series) {
        return Steps.fit(heat) && Steps.fit(series);
    }

    /** Name the channels of the series; the default is their numbers from 0. */
    public SeriesPlot channels(List<String> labels) {
        if (labels.size() != series.channels().length) {
            throw new IllegalArgumentException(
                    labels.size() + " names for " + series.channels().length + " channels");
        }
        return new SeriesPlot(heat, range, series, List.copyOf(labels), colours, most);
    }

    /**
     * Choose the colours; the default is diverging for both kinds of maps. A map with both signs
     * needs colours that are {@link ColourMap#isSigned}.
     */
    public SeriesPlot colourMap(ColourMap map) {
        return new SeriesPlot(heat, range, series, names, ColourMaps.with(colours, map), most);
    }

    /** Show no more than the first channels; the default is 12, and the drawing says so. */
    public SeriesPlot atMost(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("at least one channel, not " + channels);
        }
        return new SeriesPlot(heat, range, series, names, colours, channels);
    }

    /** Draw it. */
    public BufferedImage image() {
        HeatColours shades = HeatColours.of(range, colours, Colours.DIVERGING);
        return new SeriesLayout(series, heat, shades, names, most).draw();
    }

    /** Write it as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image(), Map.of("Software", "Vitrail"));
    }
}
