package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir Path folder;

    /** types.npz holds 0..23, less 8 where the type has a sign, as (2, 3, 4): see make.py. */
    @ParameterizedTest
    @CsvSource({
        "f2, FLOAT16",
        "f4, FLOAT32",
        "f8, FLOAT64",
        "i1, INT8",
        "i2, INT16",
        "i4, INT32",
        "i8, INT64",
        "u1, UINT8",
        "u2, UINT16",
        "u4, UINT32",
        "u8, UINT64"
    })
    void anyTypeIsReadInEitherByteOrder(String name, DataType type) throws IOException {
        Map<String, NpyArray> arrays = Npz.read(numpy("types.npz"));
        int less = name.startsWith("u") ? 0 : 8;
        double[] expected = IntStream.range(0, 24).mapToDouble(i -> i - less).toArray();
        for (String order : new String[] {"<", ">"}) {
            NpyArray array = arrays.get(order + name);
            assertThat(array.type()).isEqualTo(type);
            assertThat(array.values().shape()).containsExactly(2, 3, 4);
            assertThat(array.values().toDoubles()).containsExactly(expected);
        }
    }

    @Test
    void booleansAreOnesAndZeros() throws IOException {
        NpyArray array = Npz.read(numpy("types.npz"), "bool"::equals).get("bool");

        assertThat(array.type()).isEqualTo(DataType.BOOLEAN);
        assertThat(array.values().toDoubles()).startsWith(1, 0, 0, 1, 0, 0);
    }

    @Test
    void halvesAreExact() throws IOException {
        float[] halves = Npy.read(numpy("halves.npy")).values().toFloats();

        assertThat(halves)
                .containsExactly(
                        0,
                        -0.0f,
                        1,
                        -2.5f,
                        65504,
                        0x1p-24f,
                        0x3ffp-24f,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY,
                        Float.NaN,
                        0.0999755859375f, // as NumPy prints it
                        0.333251953125f);
    }

    @Test
    void everyHalfSurvivesTheWayThroughFloat() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float number = Half.toFloat((short) bits);
            if (!Float.isNaN(number)) {
                assertThat(Half.of(number)).isEqualTo((short) bits);
            }
        }
        // numpy.float16: ties go to the even neighbour, 65520 and more to infinity
        assertThat(Half.of(2049)).isEqualTo((short) 0x6800);
        assertThat(Half.of(2051)).isEqualTo((short) 0x6802);
        assertThat(Half.of(65519.99f)).isEqualTo((short) 0x7bff);
        assertThat(Half.of(65520)).isEqualTo((short) 0x7c00);
    }

    @Test
    void fortranOrderBecomesRowMajor() throws IOException {
        double[] values = Npy.read(numpy("fortran.npy")).values().toDoubles();

        assertThat(values).containsExactly(IntStream.range(0, 24).asDoubleStream().toArray());
    }

    @Test
    void packedArraysKeepTheirNames() throws IOException {
        Map<String, NpyArray> arrays = Npz.read(numpy("packed.npz"));

        assertThat(arrays).containsOnlyKeys("grad-cam/layer4@class:1", "scalar");
        assertThat(arrays.get("scalar").values().shape()).isEmpty();
        assertThat(arrays.get("scalar").values().get(0)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects.npy", "text.npy", "record.npy", "complex.npy"})
    void whatHoldsNoNumbersIsRefused(String name) throws IOException {
        Path file = numpy(name);

        refused(file, "elements that are no numbers");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWroteAnArchiveStandsInItsDirectoryAndNowhereElse(boolean packed) throws IOException {
        Map<String, NpyArray> arrays = Map.of("a", NpyArray.of(new long[] {1, 2}, 2));
        Path signed = folder.resolve("signed.npz");
        Path plain = folder.resolve("plain.npz");
        Npz.write(signed, arrays, packed, "Vitrail 1.2");
        Npz.write(plain, arrays, packed);

        try (ZipFile zip = new ZipFile(signed.toFile());
                ZipFile other = new ZipFile(plain.toFile())) {
            assertThat(zip.getEntry("a.npy").getComment()).isEqualTo("Vitrail 1.2");
            assertThat(zip.getComment())
                    .isNull(); // some readers look for the end at its usual place
            assertThat(other.getEntry("a.npy").getComment()).isNull();
        }
        assertThat(Npz.read(signed)).isEqualTo(Npz.read(plain));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenIsReadBack(boolean packed) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Values map =
                Values.of(
                        new float[] {1, -2, Float.NaN, 1e-40f, 5, 6},
                        Axes.channelsFirst(3),
                        1,
                        2,
                        3);
        arrays.put("grad-cam@label:\u00e9/layer 4.2", NpyArray.of(map));
        arrays.put("target", NpyArray.of(new long[] {281, -1L << 53}, 2));
        arrays.put("empty", NpyArray.of(Values.of(new double[0], Axes.channelsFirst(2), 0, 4)));
        Path file = folder.resolve("new/folder/a.npz");

        Npz.write(file, arrays, packed);

        assertThat(Npz.read(file)).containsExactlyEntriesOf(arrays);
        assertThat(folder.resolve("new/folder")).isDirectoryContaining(file::equals);
        assertThat(file.getParent().toFile().list()).containsExactly("a.npz");
    }

    /** 2 x 3 floats as NumPy 2.4.6 writes them. */
    @Test
    void aFileHasTheBytesThatNumpyWrites() throws IOException {
        Path file = folder.resolve("a.npy");

        Npy.write(file, NpyArray.of(Values.of(new float[6], Axes.NONE, 2, 3)));

        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text)
                .startsWith(
                        "\u0093NUMPY\1\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  ")
                .hasSize(128 + 24);
        assertThat(text.charAt(127)).isEqualTo('\n');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(1000000000000,)|too large for this Java",
                "(4294967296, 4294967296)|too large for this Java",
                "(99999999999999999999,)|an impossible shape",
                "(6,)|its header needs",
                "(-1,)|a damaged header",
            })
    void aShapeThatTheFileCannotHoldIsRefused(String shape, String message) throws IOException {
        refused(header("'<f8'", shape), message);
    }

    @Test
    void aFileThatIsCutOffOrForeignIsRefused() throws IOException {
        byte[] sound = Files.readAllBytes(numpy("fortran.npy"));
        for (int length : new int[] {0, 5, 9, 60, 130, sound.length - 1}) {
            Path file = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> Npy.read(file)).isInstanceOf(VitrailException.class);
        }
        refused(Files.writeString(folder.resolve("a.npy"), "hello world"), "no NumPy array");
        refused(folder.resolve("absent.npy"), "no such file");
    }

    @Test
    void anIntegerThatDoublesCannotHoldIsRefused() throws IOException {
        Path file = header("'<i8'", "(1,)");
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(file), 128 + 8);
        Arrays.fill(bytes, 128, 136, (byte) 0x11);

        refused(Files.write(file, bytes), "beyond 2^53");
    }

    @Test
    void damageInAnArchiveIsReadOrRefusedButNeverEscapes() throws IOException {
        byte[] sound = Files.readAllBytes(numpy("packed.npz"));
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            Path file = Files.write(folder.resolve("damaged.npz"), bytes);
            try {
                Npz.read(file);
            } catch (VitrailException e) {
                assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    private Path header(String descr, String shape) throws IOException {
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
        return Files.writeString(
                folder.resolve("header.npy"),
                "\u0093NUMPY\1\0v\0" + text + " ".repeat(117 - text.length()) + "\n",
                StandardCharsets.ISO_8859_1);
    }

    private Path numpy(String name) throws IOException {
        try (InputStream stream = NpyTest.class.getResourceAsStream(name)) {
            return Files.write(folder.resolve(name), stream.readAllBytes());
        }
    }
}
