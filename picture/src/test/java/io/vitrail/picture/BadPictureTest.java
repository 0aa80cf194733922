package io.vitrail.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadPictureTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.jpg",
                "progressive.jpg",
                "rgb.png",
                "palette.png",
                "rgb.gif",
                "rgb.bmp"
            })
    void aFileThatIsCutOffIsRefused(String name) throws IOException {
        byte[] whole = PictureReadTest.resource(name);
        for (int tenths = 1; tenths <= 9; tenths++) {
            refused(Arrays.copyOf(whole, whole.length * tenths / 10), "make or copy it anew");
        }
    }

    @Test
    void aHeaderBeyondAnyPictureIsRefusedBeforeMemoryIsTaken() throws IOException {
        long before = allocated();

        refused(png(30000, 30000), "claims 30000x30000 pixels");
        refused(png(8000, 8000), "claims 8000x8000 pixels, which its");

        assertThat(allocated() - before).isLessThan(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "rgb.gif"})
    void aHugeHeaderInASmallFileIsRefusedWhateverTheFormat(String name) throws IOException {
        byte[] file = PictureReadTest.resource(name);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int size =
                name.endsWith("jpg") ? text.indexOf("\u00ff\u00c0") + 5 : text.indexOf("\0,\0") + 6;
        Arrays.fill(file, size, size + 4, (byte) 0x75);

        refused(file, "claims");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|an empty file",
                "II*\0rest of a TIFF|a TIFF picture",
                "RIFF....WEBPVP8 |a WebP picture",
                "%PDF-1.7|a PDF file",
                "hello|something else",
            })
    void aForeignFileIsNamedForWhatItIs(String content, String what) throws IOException {
        byte[] bytes =
                content == null ? new byte[0] : content.getBytes(StandardCharsets.ISO_8859_1);

        refused(bytes, what);
    }

    @Test
    void theMessageSaysWhereWhatAndWhatToDo() throws IOException {
        Path file = Files.writeString(folder.resolve("cat.tif"), "II*\0");

        assertThatThrownBy(() -> Picture.read(file))
                .hasMessage(
                        file
                                + ": no picture that can be read, but a TIFF picture\n"
                                + "  do:  readable: PNG, JPEG, GIF, BMP; arrays: .npy, .npz");
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        assertThatThrownBy(() -> Picture.read(folder.resolve("no.png")))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Picture.read(folder)).hasMessageContaining("not a file");
    }

    @Test
    void aFlippedBitInAPngIsSeen() throws IOException {
        byte[] file = PictureReadTest.resource("rgb.png");
        file[file.length - 30] ^= 4;

        refused(file, "checksum");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "exif6.jpg",
                "palette.png",
                "rgb.gif",
                "rgb.bmp"
            })
    void damageIsReadOrRefusedButNeverEscapes(String name) throws IOException {
        byte[] whole = PictureReadTest.resource(name);
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] file = whole.clone();
            for (int k = 0; k <= i % 4; k++) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            Path path = Files.write(folder.resolve("damaged"), file);
            try {
                assertThat(Picture.read(path).width()).isPositive();
            } catch (VitrailException e) {
                assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT);
            }
        }
    }

    private void refused(byte[] content, String what) throws IOException {
        Path file = Files.write(folder.resolve("bad"), content);
        assertThatThrownBy(() -> Picture.read(file))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(what);
        assertThatThrownBy(() -> Picture.read(content, "row 7"))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("row 7: ")
                .hasMessageContaining(what);
    }

    /** A PNG of sound structure with hardly any data. */
    private static byte[] png(int width, int height) {
        ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12 + 900 + 12);
        file.put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        byte[] header = new byte[13];
        ByteBuffer.wrap(header).putInt(width).putInt(height).put((byte) 8).put((byte) 2);
        chunk(file, "IHDR", header);
        chunk(file, "IDAT", new byte[900]);
        chunk(file, "IEND", new byte[0]);
        return file.array();
    }

    private static void chunk(ByteBuffer file, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        file.putInt(data.length).put(name).put(data).putInt((int) crc.getValue());
    }

    private static long allocated() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
