package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that must be refused: by a clear error, before anything in them is believed. */
class HostileFilesTest {
    private static final TorchScriptFormat FORMAT = new TorchScriptFormat();

    @TempDir Path folder;

    static Stream<Path> badFiles() throws IOException {
        Path bad = Path.of(System.getProperty("vitrail.shared", "absent"), "data", "models", "bad");
        if (!Files.isDirectory(bad)) {
            return Stream.of(Path.of("absent"));
        }
        try (Stream<Path> files = Files.list(bad)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void everyBadFileIsRefusedWithPlaceAndRemedy(Path file) {
        assumeThat(file).as("reference data are absent: set -Dvitrail.shared").exists();
        assertThatThrownBy(() -> FORMAT.open(file))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL))
                .hasMessageStartingWith(file.getFileName().toString())
                .hasMessageContaining("where:")
                .hasMessageContaining("remedy:");
        assertThat(Path.of("PWNED_BY_A_PICKLE.txt")).doesNotExist();
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        byte[] whole = TestArchive.forward("return torch.relu(x)").zip();
        Path file = folder.resolve("cut.pt");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> FORMAT.open(file)).isInstanceOf(VitrailException.class);
        }
    }

    @Test
    void flippedBitsEndInARefusalOrAreHarmless() throws IOException {
        byte[] whole = TestArchive.forward("return torch.relu(x)").zip();
        Path file = folder.resolve("flipped.pt");
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= i % 3; k++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            try {
                FORMAT.open(file).close();
            } catch (VitrailException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000); // most bytes matter
    }

    @Test
    void aPickleThatNamesAFunctionRunsNothing() {
        Path file =
                TestArchive.forward("return x")
                        .with("data.pkl", TestArchive.bytes("cos\nsystem\n(S'touch x'\ntR."))
                        .write(folder);
        assertThatThrownBy(() -> FORMAT.open(file))
                .hasMessageContaining("os.system")
                .hasMessageContaining("nothing was run");
    }

    @Test
    void aTextLongerThanItsPickleIsRefusedBeforeMemoryIsTaken() {
        byte[] pickle = {(byte) 0x80, 2, 'X', -1, -1, -1, 0x7f, '.'};
        assertThatThrownBy(() -> Pickle.read(pickle, "data.pkl"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("longer than the pickle");
    }

    @Test
    void codeNestedWithoutEndIsRefused() {
        String code = "def f(x: Tensor) -> Tensor:\n  return " + "(".repeat(100_000) + "\n";
        assertThatThrownBy(() -> Parser.parse(code, "code/deep.py"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nested");
    }

    @Test
    void anOperatorThatLibtorchLacksIsRefusedBeforeAnyInput() {
        Path file = TestArchive.forward("return torch.no_such_operator(x)").write(folder);
        assertThatThrownBy(() -> FORMAT.open(file))
                .hasMessageContaining("torch.no_such_operator")
                .hasMessageContaining("code/__torch__.py, line 7");
    }
}
