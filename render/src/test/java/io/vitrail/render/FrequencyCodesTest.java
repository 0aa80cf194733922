package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** What is packed is unpacked by zlib, which shares nothing with the code under test. */
class FrequencyCodesTest {
    private final Random random = new Random(3);

    @Test
    void allBytesOfAnySpreadComeBack() throws Exception {
        for (int length : new int[] {1, 2, 3, 4, 100, 65_536, 200_001}) {
            for (double spread : new double[] {0, 0.3, 2, 12, 60, 1e6}) {
                byte[] bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (int) (random.nextGaussian() * spread);
                }

                assertThat(unpacked(packed(bytes, 70_000))).isEqualTo(bytes);
            }
        }
    }

    @Test
    void everyByteAloneComesBack() throws Exception {
        for (int value = 0; value < 256; value++) {
            byte[] bytes = {(byte) value};

            assertThat(unpacked(packed(bytes, 1))).isEqualTo(bytes);
        }
    }

    /** Frequencies 1, 1, 2, 3, 5 and so on make the longest codes: 22 bits without a limit. */
    @Test
    void codesThatWouldBeTooLongAreShortened() throws Exception {
        byte[] bytes = new byte[75_024]; // 1 + 1 + 2 + ... + 28657
        int at = 0;
        for (int value = 0, one = 1, next = 1; at < bytes.length; value++) {
            Arrays.fill(bytes, at, at + one, (byte) value);
            at += one;
            next += one;
            one = next - one;
        }
        for (int i = bytes.length - 1; i > 0; i--) { // or zlib would make a block of each value
            int other = random.nextInt(i + 1);
            byte one = bytes[i];
            bytes[i] = bytes[other];
            bytes[other] = one;
        }

        byte[] packed = packed(bytes, bytes.length);

        assertThat(unpacked(packed)).isEqualTo(bytes);
        assertThat(packed).hasSizeLessThan(deflated(bytes) * 102 / 100);
    }

    @Test
    void lengthsAreThoseOfHuffmansAlgorithm() {
        // Cormen et al., Introduction to Algorithms, figure 16.3: a:45 b:13 c:12 d:16 e:9 f:5
        assertThat(FrequencyCodes.lengths(new int[] {45, 13, 12, 16, 9, 5}, 15))
                .containsExactly(1, 3, 3, 3, 4, 4);
        assertThat(FrequencyCodes.lengths(new int[] {0, 7, 0, 1}, 15)).containsExactly(0, 1, 0, 1);
        // of six symbols with at most three bits two have two: 2 / 4 + 4 / 8 is all there is
        assertThat(FrequencyCodes.lengths(new int[] {1, 1, 2, 4, 8, 16}, 3))
                .containsExactly(3, 3, 3, 3, 2, 2);
    }

    @Test
    void noiseIsPackedAsSmallAsZlibDoesByFrequencyAlone() throws Exception {
        byte[] bytes = new byte[500_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) (random.nextGaussian() * 9);
        }

        assertThat(packed(bytes, 65_536)).hasSizeLessThan(deflated(bytes) * 101 / 100);
    }

    private static byte[] packed(byte[] bytes, int block) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrequencyCodes codes = new FrequencyCodes();
        for (int at = 0; at < bytes.length; at += block) {
            byte[] some = Arrays.copyOfRange(bytes, at, Math.min(at + block, bytes.length));
            codes.pack(
                    some,
                    some.length,
                    at + block >= bytes.length,
                    (part, length) -> out.write(part, 0, length));
        }
        return out.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) throws DataFormatException {
        Inflater inflater = new Inflater();
        inflater.setInput(packed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] some = new byte[4096];
        while (!inflater.finished()) {
            int n = inflater.inflate(some);
            assertThat(n > 0 || inflater.finished()).as("cut off").isTrue();
            out.write(some, 0, n);
        }
        assertThat(inflater.getRemaining()).isZero();
        inflater.end();
        return out.toByteArray();
    }

    private static int deflated(byte[] bytes) {
        Deflater deflater = new Deflater(1);
        deflater.setStrategy(Deflater.HUFFMAN_ONLY);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] some = new byte[4096];
        int size = 0;
        while (!deflater.finished()) {
            size += deflater.deflate(some);
        }
        deflater.end();
        return size;
    }
}
