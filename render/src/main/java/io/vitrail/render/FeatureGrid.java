package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.picture.Picture;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Show the channels of a layer side by side.
 *
 * <p>Viridis from 0 to the 99th percentile; blue, white and red around 0 where any value shown is
 * negative. Each channel has its own scale unless {@link #jointly}. The channels of a series are
 * strips below each other, step by step; those of a volume are slices at the depth where the
 * largest magnitude is. Immutable.
 */
public final class FeatureGrid {
    private static final int CELL = 96;
    private static final int LARGEST_CELL = 160;
    private static final int GAP = 10;
    private static final int LABEL = 18;
    private static final int MARGIN = 22;
    private static final int DEFAULT_CHANNELS = 64;
    private static final int STRIP_WIDTH = 720;
    private static final int STRIP = 12;
    private static final int STRIP_LABEL = 64;
    private static final Lettering SMALL = new Lettering(7.5, 0.85);

    private final Planes planes;
    private final @Nullable List<String> labels;
    private final boolean joint;
    private final int most;

    private FeatureGrid(Planes planes, @Nullable List<String> labels, boolean joint, int most) {
        this.planes = planes;
        this.labels = labels;
        this.joint = joint;
        this.most = most;
    }

    /**
     * Show one item, {@code (1, C, h, w)} or whatever order its axes say, with one to three axes of
     * space.
     */
    public static FeatureGrid of(Values item) {
        Planes planes = Volume.fit(item) ? slices(Volume.of(item)) : Planes.of(item);
        return new FeatureGrid(planes, null, false, DEFAULT_CHANNELS);
    }

    private static Planes slices(Volume volume) {
        return volume.planes(strongestDepth(volume));
    }

    /** Return the depth at which the channels of a volume are shown. */
    static int strongestDepth(Volume volume) {
        int[] size = volume.size();
        Planes all = new Planes(volume.channels(), size[2], size[0] * size[1], 0);
        return volume.strongest(all.magnitude())[0];
    }

    /** Name the channels; the default is their numbers from 0. */
    public FeatureGrid labels(List<String> names) {
        if (names.size() != planes.channels().length) {
            throw new IllegalArgumentException(
                    names.size() + " labels for " + planes.channels().length + " channels");
        }
        return new FeatureGrid(planes, List.copyOf(names), joint, most);
    }

    /** Scale all channels alike, so that they can be compared. */
    public FeatureGrid jointly() {
        return new FeatureGrid(planes, labels, true, most);
    }

    /** Show no more than the first channels; the default is 64, and the drawing says so. */
    public FeatureGrid atMost(int channels) {
        return new FeatureGrid(planes, labels, joint, channels);
    }

    /** Draw it. */
    public BufferedImage image() {
        int count = Math.min(planes.channels().length, most);
        return planes.height() == 1 && planes.width() > CELL / 2 ? strips(count) : grid(count);
    }

    private BufferedImage strips(int count) {
        int step = STRIP + 4;
        boolean cut = count < planes.channels().length;
        BufferedImage page =
                Drawing.page(
                        2 * MARGIN + STRIP_LABEL + STRIP_WIDTH,
                        2 * MARGIN + count * step + (cut ? LABEL : 0));
        Graphics2D graphics = Drawing.graphics(page);
        Range all = joint(count);
        for (int i = 0; i < count; i++) {
            int y = MARGIN + i * step;
            Picture row = Drawing.stretched(cell(i, all), STRIP_WIDTH, STRIP);
            graphics.drawImage(row.toBufferedImage(), MARGIN + STRIP_LABEL, y, null);
            String text = SMALL.fitted(label(i), STRIP_LABEL - 8);
            SMALL.draw(graphics, text, MARGIN, y + STRIP - 2, Drawing.FAINT);
        }
        sayWhatIsCut(graphics, page, count);
        graphics.dispose();
        return page;
    }

    private String label(int channel) {
        return labels == null ? Integer.toString(channel) : labels.get(channel);
    }

    private void sayWhatIsCut(Graphics2D graphics, BufferedImage page, int count) {
        if (count < planes.channels().length) {
            String text = "the first " + count + " of " + planes.channels().length + " channels";
            SMALL.draw(graphics, text, MARGIN, page.getHeight() - MARGIN, Drawing.INK);
        }
    }

    private BufferedImage grid(int count) {
        int across = (int) Math.ceil(Math.sqrt(count * 1.3));
        int down = (count + across - 1) / across;
        int side = Math.max(planes.width(), planes.height());
        double scale =
                side >= CELL
                        ? Math.min((double) LARGEST_CELL / side, 1)
                        : Math.round((double) CELL / side);
        int width = Math.max((int) Math.round(planes.width() * scale), 1);
        int height = Math.max((int) Math.round(planes.height() * scale), 1);
        int stepX = Math.max(width, 40) + GAP;
        int stepY = height + LABEL + GAP;
        boolean cut = count < planes.channels().length;
        BufferedImage page =
                Drawing.page(
                        2 * MARGIN + across * stepX - GAP,
                        2 * MARGIN + down * stepY - GAP + (cut ? LABEL : 0));
        Graphics2D graphics = Drawing.graphics(page);
        Range all = joint(count);
        for (int i = 0; i < count; i++) {
            int x = MARGIN + i % across * stepX;
            int y = MARGIN + i / across * stepY;
            graphics.drawImage(
                    Drawing.fitted(cell(i, all), width, height).toBufferedImage(), x, y, null);
            SMALL.draw(
                    graphics, SMALL.fitted(label(i), stepX - 6), x, y + height + 13, Drawing.FAINT);
        }
        sayWhatIsCut(graphics, page, count);
        graphics.dispose();
        return page;
    }

    private Range joint(int count) {
        int area = planes.width() * planes.height();
        float[] values = new float[area * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(planes.channels()[i], 0, values, i * area, area);
        }
        return Range.of(values);
    }

    /** A channel without negative values keeps the colours of its neighbours. */
    private static Range own(float[] channel, boolean signed) {
        return signed ? Range.symmetric(channel) : Range.positive(channel);
    }

    private Picture cell(int number, Range all) {
        float[] channel = planes.channels()[number];
        Range range = joint ? all : own(channel, all.signed());
        ColourMap colours = range.signed() ? Colours.DIVERGING : Colours.VIRIDIS;
        byte[] pixels = new byte[3 * channel.length];
        for (int i = 0; i < channel.length; i++) {
            int rgb = colours.rgb(range.strength(channel[i]));
            pixels[3 * i] = (byte) (rgb >> 16);
            pixels[3 * i + 1] = (byte) (rgb >> 8);
            pixels[3 * i + 2] = (byte) rgb;
        }
        return Picture.of(planes.width(), planes.height(), pixels);
    }

    /** Write it as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image(), Map.of("Software", "Vitrail"));
    }
}
