package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read back with the JDK's decoder, which shares nothing with our writer. */
class PngWriterTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"500,375", "1,1", "1,300", "40000,2", "3,5", "701,256"})
    void everyPixelOfAPhotoComesBack(int width, int height) throws IOException {
        BufferedImage photo = photo(width, height, BufferedImage.TYPE_INT_RGB);

        assertSame(written(photo), photo);
    }

    @ParameterizedTest
    @CsvSource({"640,480", "1,1", "2,300", "70000,1"})
    void everyPixelOfADrawingComesBack(int width, int height) throws IOException {
        BufferedImage drawing = drawing(width, height);

        assertSame(written(drawing), drawing);
    }

    @Test
    void partOfAPictureIsWrittenAlone() throws IOException {
        BufferedImage part =
                photo(300, 200, BufferedImage.TYPE_INT_RGB).getSubimage(20, 30, 100, 50);

        assertSame(written(part), part);
    }

    @Test
    void alphaIsKept() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR}) {
            BufferedImage glass = photo(90, 70, type);

            assertSame(written(glass), glass);
        }
    }

    @Test
    void greyStaysTheGreyThatItIs() throws IOException {
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        for (int level = 0; level < 256; level++) {
            grey.getRaster().setSample(level, 0, 0, level);
        }

        BufferedImage read = ImageIO.read(written(grey));

        for (int level = 0; level < 256; level++) {
            assertThat(read.getRaster().getPixel(level, 0, (int[]) null))
                    .containsExactly(level, level, level);
        }
    }

    @Test
    void aDrawingIsNoLargerThanTheJdkMakesItAndAPhotoIsSmaller() throws IOException {
        BufferedImage drawing = drawing(640, 480);
        BufferedImage photo = photo(500, 375, BufferedImage.TYPE_INT_RGB);

        assertThat(written(drawing)).size().isLessThan(jdk(drawing) * 11 / 10);
        assertThat(written(photo)).size().isLessThan(jdk(photo));
    }

    @Test
    void textsStandInOrderBeforeThePixelsAndEveryPartHasItsChecksum() throws IOException {
        File file =
                written(
                        photo(300, 300, BufferedImage.TYPE_INT_RGB),
                        Map.of("Title", "caf\u00e9", "Software", "Vitrail", "Comment", "b"));

        List<String> parts = parts(file);

        assertThat(parts.subList(0, 4))
                .containsExactly(
                        "IHDR",
                        "tEXtComment\0b",
                        "tEXtSoftware\0Vitrail",
                        "iTXtTitle\0\0\0\0\0caf\u00e9");
        assertThat(parts.subList(4, parts.size() - 1)).containsOnly("IDAT");
        assertThat(parts).endsWith("IEND");
    }

    @Test
    void aKeywordThatNoPngMayHaveIsRefused() {
        Path file = folder.resolve("no.png");

        assertThatThrownBy(() -> PngWriter.write(file, drawing(1, 1), Map.of("caf\u00e9", "")))
                .hasMessage("no PNG keyword: 'caf\u00e9'");
        assertThat(file).doesNotExist();
    }

    private File written(BufferedImage image) throws IOException {
        return written(image, Map.of("Software", "Vitrail"));
    }

    private File written(BufferedImage image, Map<String, String> texts) throws IOException {
        Path file = Files.createTempFile(folder, "one", ".png");
        PngWriter.write(file, image, texts);
        return file.toFile();
    }

    private long jdk(BufferedImage image) throws IOException {
        File file = folder.resolve("jdk.png").toFile();
        ImageIO.write(image, "png", file);
        return file.length();
    }

    private static void assertSame(File file, BufferedImage image) throws IOException {
        BufferedImage read = ImageIO.read(file);
        int width = image.getWidth();
        int height = image.getHeight();
        assertThat(new int[] {read.getWidth(), read.getHeight()}).containsExactly(width, height);
        int[] expected = image.getRGB(0, 0, width, height, null, 0, width);
        int[] found = read.getRGB(0, 0, width, height, null, 0, width);
        assertThat(Arrays.mismatch(found, expected)).as("first pixel that differs").isEqualTo(-1);
    }

    /** Smooth light, with the noise of a camera. */
    private static BufferedImage photo(int width, int height, int type) {
        BufferedImage photo = new BufferedImage(width, height, type);
        Random random = new Random(7);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (int) (120 + 90 * Math.sin(x / 50.0) + random.nextGaussian() * 6);
                int green = (int) (120 + 90 * Math.cos(y / 40.0) + random.nextGaussian() * 6);
                int blue = (int) (100 + 60 * Math.sin((x + y) / 70.0) + random.nextGaussian() * 6);
                photo.setRGB(x, y, x << 24 | red << 16 | green << 8 | blue);
            }
        }
        return photo;
    }

    private static BufferedImage drawing(int width, int height) {
        BufferedImage drawing = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = drawing.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        for (int i = 0; i < 20; i++) {
            graphics.setColor(new Color(i * 12, 255 - i * 12, 90));
            graphics.fillRect(i * 31, i * 17, 60, 40);
            graphics.drawLine(0, i * 9, width, i * 23);
        }
        graphics.dispose();
        return drawing;
    }

    /** Every part's type, and what it says if it is a text. */
    private static List<String> parts(File file) throws IOException {
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file.toPath()));
        png.position(8); // the signature
        List<String> parts = new ArrayList<>();
        while (png.hasRemaining()) {
            byte[] part = new byte[4 + png.getInt()];
            png.get(part);
            CRC32 sum = new CRC32();
            sum.update(part);
            assertThat(png.getInt()).isEqualTo((int) sum.getValue());
            String text = new String(part, StandardCharsets.UTF_8);
            parts.add(
                    text.startsWith("tEXt") || text.startsWith("iTXt")
                            ? text
                            : text.substring(0, 4));
        }
        return parts;
    }
}
