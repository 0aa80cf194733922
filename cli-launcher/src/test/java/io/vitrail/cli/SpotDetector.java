package io.vitrail.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A detector written by hand: it finds red and blue spots on black.
 *
 * <p>A grid of cells of 32 pixels with one box each, which is the cell itself when its anchor is
 * 32x32. A spot that fills its cell has a confidence and a class probability near 1.
 */
final class SpotDetector {
    private static final String FORWARD =
            """
            spots = torch.leaky_relu(torch.sub(x, 0.5), 0.1)
            cells = torch.avg_pool2d(spots, [32, 32], [32, 32], [0, 0], False, True, None)
            red = torch.slice(cells, 1, 0, 1, 1)
            blue = torch.slice(cells, 1, 2, 3, 1)
            none = torch.mul(red, 0.)
            sum = torch.add(torch.mul(red, 20.), torch.mul(blue, 18.))
            confidence = torch.sub(sum, 4.)
            difference = torch.mul(torch.sub(red, blue), 20.)
            return torch.cat([none, none, none, none, confidence, difference, torch.neg(difference)], 1)
            """;

    private SpotDetector() {}

    /** Write {@code spots.pt}, {@code spots.txt} and {@code spots.png} into a folder. */
    static void write(Path folder) throws IOException {
        WrittenModel.write(folder.resolve("spots.pt"), FORWARD);
        Files.writeString(folder.resolve("spots.txt"), "red\nblue\n");
        ImageIO.write(picture(), "png", folder.resolve("spots.png").toFile());
    }

    /** 256x128, a red spot at 64,0 to 128,64 and a blue one at 192,64 to 256,128. */
    static BufferedImage picture() {
        BufferedImage picture = new BufferedImage(256, 128, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(64, 0, 64, 64);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(192, 64, 64, 64);
        graphics.dispose();
        return picture;
    }
}
