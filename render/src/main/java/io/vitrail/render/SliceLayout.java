package io.vitrail.render;

import io.vitrail.picture.Picture;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/** Cut three planes out of a volume and draw them side by side. */
final class SliceLayout {
    private static final int LONGEST = 288;
    private static final int MARGIN = 24;
    private static final int GAP = 20;
    private static final int HEAD = 22;
    private static final int FOOT = 34;
    private static final String[] AXES = {"depth", "height", "width"};
    private static final Lettering LABEL = new Lettering(8.5, 0.9);

    private final int[] size;
    private final float[] heat;
    private final float @Nullable [] grey;
    private final int[] position;
    private final HeatColours colours;
    private double least;
    private double span;

    SliceLayout(
            int[] size,
            float[] heat,
            float @Nullable [] grey,
            int[] position,
            HeatColours colours) {
        this.size = size;
        this.heat = heat;
        this.grey = grey;
        this.position = position;
        this.colours = colours;
    }

    /** A plane: the axis that it is cut at, those that run down and across it. */
    private record Cut(int axis, int down, int across) {}

    BufferedImage draw() {
        if (grey != null) {
            float min = grey[0];
            float max = grey[0];
            for (float value : grey) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            least = min;
            span = (double) max - min;
        }
        Cut[] cuts = {new Cut(0, 1, 2), new Cut(1, 0, 2), new Cut(2, 0, 1)};
        double scale = (double) LONGEST / Math.max(size[0], Math.max(size[1], size[2]));
        int width = 2 * MARGIN - GAP;
        int height = 0;
        for (Cut cut : cuts) {
            width += cell(cut, scale) + GAP;
            height = Math.max(height, pixels(size[cut.down()], scale));
        }
        BufferedImage page = Drawing.page(width, 2 * MARGIN + HEAD + height + FOOT);
        Graphics2D graphics = Drawing.graphics(page);
        int x = MARGIN;
        for (Cut cut : cuts) {
            String text = AXES[cut.axis()] + " " + position[cut.axis()] + " of " + size[cut.axis()];
            LABEL.draw(graphics, text, x, MARGIN + 9, Drawing.INK);
            slice(graphics, cut, x, MARGIN + HEAD, scale);
            x += cell(cut, scale) + GAP;
        }
        colours.drawScale(graphics, MARGIN, page.getHeight() - MARGIN);
        graphics.dispose();
        return page;
    }

    private int cell(Cut cut, double scale) {
        String widest = AXES[cut.axis()] + " " + size[cut.axis()] + " of " + size[cut.axis()];
        return Math.max(
                pixels(size[cut.across()], scale), (int) Math.ceil(LABEL.width(widest)) + 4);
    }

    private static int pixels(int voxels, double scale) {
        return Math.max((int) Math.round(voxels * scale), 1);
    }

    private void slice(Graphics2D graphics, Cut cut, int x, int y, double scale) {
        int width = pixels(size[cut.across()], scale);
        int height = pixels(size[cut.down()], scale);
        graphics.drawImage(Drawing.fitted(plane(cut), width, height).toBufferedImage(), x, y, null);
        graphics.setColor(Drawing.LINE);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(new Rectangle2D.Double(x - 0.5, y - 0.5, width + 1.0, height + 1.0));
        cross(
                graphics,
                new Rectangle2D.Double(x, y, width, height),
                (position[cut.across()] + 0.5) * scale,
                (position[cut.down()] + 0.5) * scale);
    }

    /** Where the two other slices go; open in the middle, so that the place itself is seen. */
    private void cross(Graphics2D graphics, Rectangle2D plane, double x, double y) {
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.75f));
        boolean onWhite = grey == null && colours.range().signed();
        graphics.setColor(onWhite ? Drawing.FAINT : Color.WHITE);
        double left = plane.getX();
        double top = plane.getY();
        double gap = 14;
        double atX = left + x;
        double atY = top + y;
        line(graphics, left, atY, Math.max(atX - gap, left), atY);
        line(graphics, Math.min(atX + gap, plane.getMaxX()), atY, plane.getMaxX(), atY);
        line(graphics, atX, top, atX, Math.max(atY - gap, top));
        line(graphics, atX, Math.min(atY + gap, plane.getMaxY()), atX, plane.getMaxY());
        graphics.setComposite(AlphaComposite.SrcOver);
    }

    private static void line(Graphics2D graphics, double x, double y, double toX, double toY) {
        graphics.draw(new Line2D.Double(x, y, toX, toY));
    }

    private Picture plane(Cut cut) {
        int width = size[cut.across()];
        int height = size[cut.down()];
        byte[] pixels = new byte[3 * width * height];
        int[] place = position.clone();
        for (int i = 0; i < width * height; i++) {
            place[cut.down()] = i / width;
            place[cut.across()] = i % width;
            int rgb = rgb((place[0] * size[1] + place[1]) * size[2] + place[2]);
            pixels[3 * i] = (byte) (rgb >> 16);
            pixels[3 * i + 1] = (byte) (rgb >> 8);
            pixels[3 * i + 2] = (byte) rgb;
        }
        return Picture.of(width, height, pixels);
    }

    private int rgb(int voxel) {
        int over = colours.rgb(heat[voxel]);
        if (grey == null) {
            return over;
        }
        double under = span == 0 ? 127 : 255 * (grey[voxel] - least) / span;
        double strength = Math.abs(colours.range().strength(heat[voxel]));
        double opacity = Overlay.DEFAULT_ALPHA * HeatBlend.ramp(strength);
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int level = over >> shift & 255;
            rgb |= (int) Math.round(under + opacity * (level - under)) << shift;
        }
        return rgb;
    }
}
