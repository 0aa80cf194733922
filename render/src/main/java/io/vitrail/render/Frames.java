package io.vitrail.render;

import io.vitrail.picture.Placement;
import io.vitrail.picture.Resampling;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Draw boxes with their names.
 *
 * <p>White lines with a dark rim, so that they are seen on any picture and any heat. The first box
 * is drawn last and lies on top.
 */
public final class Frames {
    private static final Color RIM = new Color(0x24, 0x26, 0x2b, 200);

    private Frames() {}

    /**
     * A box and what is written at its upper left corner.
     *
     * @param box in pixels of the picture
     * @param label may be empty
     */
    public record Frame(Resampling.Box box, String label) {}

    /** Draw frames on a copy of a picture that has its own size, or a multiple of it. */
    static BufferedImage over(BufferedImage picture, List<Frame> frames, double scale) {
        BufferedImage drawn =
                new BufferedImage(
                        picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = Drawing.graphics(drawn);
        graphics.drawImage(picture, 0, 0, null);
        int side = Math.max(drawn.getWidth(), drawn.getHeight());
        float pen = Math.max(side / 300f, 1.5f);
        Lettering letters = new Lettering(Math.max(side / 55.0, 7.5), 0.9);
        for (int i = frames.size() - 1; i >= 0; i--) {
            Resampling.Box box = frames.get(i).box();
            Rectangle2D.Double at =
                    new Rectangle2D.Double(
                            box.left() * scale + pen,
                            box.top() * scale + pen,
                            Math.max(box.width() * scale - 2 * pen, 1),
                            Math.max(box.height() * scale - 2 * pen, 1));
            line(graphics, at, RIM, 2 * pen);
            line(graphics, at, Color.WHITE, pen);
            label(graphics, letters, frames.get(i).label(), at, drawn.getWidth());
        }
        graphics.dispose();
        return drawn;
    }

    /**
     * Draw frames on a copy of what the network saw.
     *
     * @param view the picture as the network saw it, at its own size or a multiple
     * @param frames in pixels of the original picture
     * @param seen where that lies in the view
     */
    public static BufferedImage overView(BufferedImage view, List<Frame> frames, Placement seen) {
        List<Frame> there =
                frames.stream()
                        .map(frame -> new Frame(inView(frame.box(), seen), frame.label()))
                        .toList();
        return over(view, there, (double) view.getWidth() / seen.viewWidth());
    }

    private static Resampling.Box inView(Resampling.Box box, Placement seen) {
        return new Resampling.Box(
                box.left() * seen.scaleX() + seen.offsetX(),
                box.top() * seen.scaleY() + seen.offsetY(),
                box.right() * seen.scaleX() + seen.offsetX(),
                box.bottom() * seen.scaleY() + seen.offsetY());
    }

    private static void line(Graphics2D graphics, Rectangle2D at, Color colour, float width) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(at);
    }

    /** Write on a dark plate above the box, or inside it where there is no room above. */
    private static void label(
            Graphics2D graphics, Lettering letters, String text, Rectangle2D at, int pageWidth) {
        if (text.isEmpty()) {
            return;
        }
        double pad = letters.height() * 0.6;
        double high = letters.height() + 2 * pad;
        String shown = letters.fitted(text, pageWidth - 2 * pad);
        double wide = letters.width(shown) + 2 * pad;
        double x = Math.max(Math.min(at.getX(), pageWidth - wide), 0);
        double y = at.getY() >= high ? at.getY() - high : at.getY();
        graphics.setColor(RIM);
        graphics.fill(new Rectangle2D.Double(x, y, wide, high));
        letters.draw(graphics, shown, x + pad, y + pad + letters.height(), Color.WHITE);
    }
}
