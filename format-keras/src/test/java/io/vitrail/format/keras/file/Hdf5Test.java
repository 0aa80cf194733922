package io.vitrail.format.keras.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.StoredArray;
import io.vitrail.format.keras.WrittenFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Read what HDF5 can hold and Keras seldom writes.
 *
 * <p>The files were made with h5py 3.14: each has the configuration of one Dense and its kernel
 * {@code [[1, 2], [3, 4], [5, 6]]}, stored as the file's name says.
 */
class Hdf5Test {
    @TempDir Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Hdf5Test.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StoredArray kernel(Path file) {
        StoredLayer head = KerasFile.open(file).layers().get(1);
        return head.weights().get("kernel", 0, new Shape(3, 2));
    }

    private static float[] floats(ByteBuffer bytes) {
        assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
        float[] floats = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void aBigEndianArrayIsTurnedRound() {
        assertThat(floats(kernel(resource("big_endian.h5")).bytes().get()))
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void aHalfArrayStaysHalf() {
        StoredArray kernel = kernel(resource("float16.h5"));

        assertThat(kernel.type()).isEqualTo(DataType.FLOAT16);
        short[] halves = new short[6];
        kernel.bytes().get().asShortBuffer().get(halves);
        // IEEE 754 half: 1, 2, 3, 4, 5, 6
        assertThat(halves).containsExactly(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600);
    }

    @Test
    void anLzfArrayIsUnpacked() {
        assertThat(floats(kernel(resource("lzf.h5")).bytes().get()))
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void chunksWithSumsAreVerified() throws IOException {
        Path sound = resource("fletcher32.h5");
        assertThat(floats(kernel(sound).bytes().get())).containsExactly(1, 2, 3, 4, 5, 6);

        byte[] bytes = Files.readAllBytes(sound);
        bytes[indexOf(bytes, new byte[] {0, 0, (byte) 0xc0, 0x40})] ^= 1; // the float 6
        StoredArray damaged = kernel(Files.write(folder.resolve("damaged.h5"), bytes));
        assertThatThrownBy(() -> damaged.bytes().get())
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("its checksum does not fit")
                .hasMessageContaining("model_weights/head/head/kernel:0");
    }

    @Test
    void linksAreRefusedWhereverTheyLead() {
        for (String name : new String[] {"external_link.h5", "soft_link.h5"}) {
            assertThatThrownBy(() -> KerasFile.open(resource(name)))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageStartingWith(name + ": this is a link, which may lead out")
                    .hasMessageContaining("do not trust this file");
        }
    }

    @Test
    void numbersThatNoLayerHasAreRefused() {
        assertThatThrownBy(() -> KerasFile.open(resource("int16.h5")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("it holds whole numbers of 2 bytes, which are not read");
    }

    @Test
    void plainWeightsAreAMapOfTheFile() {
        Path file =
                WrittenFile.h5(
                        folder.resolve("net.h5"),
                        "2.15.0",
                        WrittenFile.DENSE,
                        Map.of("head/head/kernel:0", WrittenFile.KERNEL));
        StoredArray kernel = kernel(file);

        assertThat(kernel.bytes().get().isDirect()).isTrue();
        assertThat(floats(kernel.bytes().get())).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(kernel.type()).isEqualTo(DataType.FLOAT32);
    }

    @Test
    void anArrayThatWouldLieBehindTheFilesEndIsRefusedBeforeItIsRead() throws IOException {
        byte[] bytes = Files.readAllBytes(resource("contiguous.h5"));
        int data = indexOf(bytes, new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        byte[] address =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data).array();
        int at = indexOf(bytes, address);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, bytes.length - 8L);

        Path file = Files.write(folder.resolve("behind.h5"), bytes);

        assertThatThrownBy(() -> KerasFile.open(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("its 24 bytes would lie behind the end of the file");
    }

    @Test
    void fletcherSumsAreThoseOfTheHdf5Library() {
        // H5_checksum_fletcher32 by hand: words 0x6162, 0x6364; then 0x6500 for the odd byte
        byte[] text = "abcde".getBytes(StandardCharsets.US_ASCII);
        long low = 0x6162 + 0x6364 + 0x6500; // 0x129c6, folded to 0x29c7
        long high = 0x6162 + (0x6162 + 0x6364) + low; // 0x24fee, folded to 0x4ff0

        assertThat(low).isEqualTo(0x129c6);
        assertThat(high).isEqualTo(0x24fee);
        assertThat(Fletcher32.sum(ByteBuffer.wrap(text), text.length)).isEqualTo(0x4ff029c7L);
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            if (ByteBuffer.wrap(bytes, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return at;
            }
        }
        throw new AssertionError("the bytes are not in the file");
    }
}
