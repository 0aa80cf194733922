package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetTest {
    private static final int RED = 0xc02010;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"1, 1", "32, 32", "224, 224", "4000, 3000", "20, 900", "3000, 30"})
    void cellsHaveAPleasantSizeWhateverTheInput(int width, int height) {
        Sheet sheet =
                Sheet.titled("a sheet")
                        .columns(List.of("picture", "again"))
                        .row("", List.of(), List.of(red(width, height), red(width, height)));

        BufferedImage image = sheet.image();

        assertThat(image.getWidth()).isBetween(300, 720);
        assertThat(image.getHeight()).isBetween(150, 480);
        assertThat(count(image, RED)).isGreaterThan(500);
    }

    @Test
    void manyColumnsStayOnThePage() {
        List<Sheet.Cell> cells = Collections.nCopies(14, red(224, 224));
        Sheet sheet =
                Sheet.titled("wide")
                        .columns(Collections.nCopies(14, "a-method-with-a-long-name"))
                        .row("a class of many words, and then some", List.of("score 1"), cells);

        assertThat(sheet.image().getWidth()).isBetween(2000, 2400);
    }

    @Test
    void aSheetSaysWhatItWasGiven() {
        Sheet bare = Sheet.titled("t").columns(List.of("c")).row("", List.of(), List.of(red(9, 9)));

        int ink = inked(bare.image());

        assertThat(inked(bare.footer("made by a test").image())).isGreaterThan(ink + 100);
        assertThat(inked(bare.subtitle("more").image())).isGreaterThan(ink + 50);
    }

    @Test
    void aRowWithMoreCellsThanColumnsIsRefused() {
        Sheet sheet = Sheet.titled("t").columns(List.of("one"));

        assertThatThrownBy(() -> sheet.row("r", List.of(), List.of(red(9, 9), red(9, 9))))
                .hasMessage("2 cells for 1 columns");
        assertThatThrownBy(sheet::image).hasMessage("a sheet without rows");
    }

    @Test
    void aPngSaysWhatMadeItAndIsTheSameEachTime() throws IOException {
        Map<String, String> texts = Map.of("Software", "Vitrail", "Title", "\u6f22 caf\u00e9");
        BufferedImage image = red(5, 5).picture().toBufferedImage();
        Path one = folder.resolve("one.png");
        Path two = folder.resolve("two.png");

        PngWriter.write(one, image, texts);
        PngWriter.write(two, image, texts);

        assertThat(one).hasSameBinaryContentAs(two);
        String bytes = new String(Files.readAllBytes(one), StandardCharsets.UTF_8);
        assertThat(bytes).contains("tEXtSoftware\0Vitrail", "iTXtTitle", "\u6f22 caf\u00e9");
        assertThat(Picture.read(one).rgb(2, 2)).isEqualTo(RED);
        assertThat(folder.toFile().list()).containsOnly("one.png", "two.png");
    }

    @Test
    void everyAsciiCharacterHasItsOwnStrokes() {
        Glyphs glyphs = new Glyphs();
        Glyphs.Glyph unknown = glyphs.of(0xfffd);
        for (int c = 33; c < 127; c++) {
            assertThat(glyphs.of(c)).as("%c", c).isNotSameAs(unknown);
        }
        assertThat(glyphs.of(0x6f22)).isSameAs(unknown);
    }

    @Test
    void accentsAreDroppedAndLongTextIsCut() {
        Lettering letters = new Lettering(7, 1);

        assertThat(letters.width("\u00e9\u00fc")).isEqualTo(letters.width("eu"));
        assertThat(letters.fitted("a long line of text", 40)).endsWith("\u2026");
        assertThat(letters.width(letters.fitted("a long line of text", 40))).isLessThan(40);
    }

    private static Sheet.Cell red(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) (RED >> 16);
            pixels[i + 1] = (byte) (RED >> 8);
            pixels[i + 2] = (byte) RED;
        }
        return Sheet.Cell.of(Picture.of(width, height, pixels));
    }

    private static int inked(BufferedImage image) {
        return image.getWidth() * image.getHeight()
                - count(image, Drawing.PAPER.getRGB() & 0xffffff);
    }

    private static int count(BufferedImage image, int rgb) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xffffff) == rgb ? 1 : 0;
            }
        }
        return count;
    }
}
