package io.vitrail.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PictureReadTest {
    @TempDir Path folder;

    static Stream<String> expected() throws IOException {
        return new String(resource("expected.txt"), StandardCharsets.UTF_8).lines();
    }

    /** Lines of expected.txt: file, width, height, CRC-32 of Pillow's pixels; see make.py. */
    @ParameterizedTest
    @MethodSource("expected")
    void aFileHasThePixelsThatPillowReads(String line) throws IOException {
        String[] words = line.split(" ");
        Picture picture = Picture.read(Files.write(folder.resolve(words[0]), resource(words[0])));

        assertThat(picture).hasToString("picture of " + words[1] + "x" + words[2]);
        assertThat(Picture.read(resource(words[0]), words[0])).isEqualTo(picture);
        assertThat(Patterns.crc(picture)).isEqualTo(Long.parseLong(words[3]));
    }

    @Test
    void theNameOfTheFileDoesNotMatter() throws IOException {
        Path file = Files.write(folder.resolve("photo.txt"), resource("rgb.png"));

        assertThat(Picture.read(file)).isEqualTo(Patterns.rgb());
    }

    @Test
    void aPictureSurvivesTheWayThroughAwt() {
        assertThat(Picture.of(Patterns.rgb().toBufferedImage())).isEqualTo(Patterns.rgb());
    }

    /** What is in memory beside a part of an image is not of the part. */
    @Test
    void aPartOfAnAwtImageIsThatPart() {
        BufferedImage whole = Patterns.rgb().toBufferedImage();
        BufferedImage bytes =
                new BufferedImage(
                        whole.getWidth(), whole.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        bytes.createGraphics().drawImage(whole, 0, 0, null);
        Picture part = Patterns.rgb().crop(3, 5, 11, 7);

        assertThat(Picture.of(bytes)).isEqualTo(Patterns.rgb());
        for (BufferedImage image : List.of(whole, bytes)) {
            assertThat(Picture.of(image.getSubimage(3, 5, 11, 7))).isEqualTo(part);
            // whole rows: as many in number as a small image has
            assertThat(Picture.of(image.getSubimage(0, 5, 24, 7)))
                    .isEqualTo(Patterns.rgb().crop(0, 5, 24, 7));
        }
    }

    @Test
    void greyIsPillowsLuma() {
        Picture grey = Patterns.rgb().grey();
        byte[] luma = new byte[24 * 20];
        for (int i = 0; i < luma.length; i++) {
            int rgb = grey.rgb(i % 24, i / 24);
            assertThat(rgb).isEqualTo((rgb & 255) * 0x010101);
            luma[i] = (byte) rgb;
        }

        assertThat(Patterns.crc(luma)).isEqualTo(2799780194L); // make.py: luma
    }

    static byte[] resource(String name) {
        try (InputStream stream = PictureReadTest.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
