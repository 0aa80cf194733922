package org.example.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFormatTest {
    @TempDir Path folder;

    /** NumPy's own numbers, as {@code make.py} printed them; whole, so exact in float. */
    @Test
    void itComputesWhatNumpyComputes() throws IOException {
        Path file = NumpyFiles.copy("net.npz", folder);
        try (Model model = TestModels.load(new NpzFormat().open(file));
                NDManager manager = model.newManager()) {
            NDArray x = manager.arange(12f).reshape(1, 3, 2, 2);
            try (Pass pass = model.run(Probe.atInput(), new NDList(x))) {
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(-60, 46, -223);
                assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray())
                        .containsExactly(-9, -4, 0, -10, 0, 6, 1, -2, 2, -3, 7, -11);
            }
            assertThat(StreamSupport.stream(model.layers(new NDList(x)).spliterator(), false))
                    .extracting(Layer::name)
                    .containsExactly("flatten", "dense1", "relu1", "dense2");
        }
    }

    private void assertRefused(String message, Object... entries) throws IOException {
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            arrays.put((String) entries[i], (byte[]) entries[i + 1]);
        }
        Path file = NumpyFiles.zip(folder.resolve("bad.npz"), arrays);
        assertThatThrownBy(() -> new NpzFormat().open(file))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL))
                .hasMessageContaining("bad.npz: ")
                .hasMessageContaining(message);
    }

    @Test
    void arraysThatMakeNoPerceptronAreRefused() throws IOException {
        byte[] square = NumpyFiles.ones("2, 2", 4);
        assertRefused("it has the arrays [weights]", "weights.npy", square);
        assertRefused("it has the arrays [W1, W3]", "W1.npy", square, "W3.npy", square);
        assertRefused(
                "W2 has the shape [3, 1]", "W1.npy", square, "W2.npy", NumpyFiles.ones("3, 1", 3));
        assertRefused("W1 has the shape [4]", "W1.npy", NumpyFiles.ones("4,", 4));
        assertRefused(
                "b1 has the shape [3]", "W1.npy", square, "b1.npy", NumpyFiles.ones("3,", 3));
        assertRefused(
                "input [1, 1, 1] does not fill the 2 rows of W1",
                "W1.npy", square, "input.npy", NumpyFiles.ones("3,", 3));
    }

    @Test
    void whatAHeaderSaysIsNotBelieved() throws IOException {
        assertRefused("do not fill", "W1.npy", NumpyFiles.ones("999999999, 999999999", 4));
        assertRefused("do not fill", "W1.npy", NumpyFiles.ones("0, 4", 4));
        assertRefused("do not fill", "W1.npy", NumpyFiles.ones("2, 2", 5));
        assertRefused("has no header", "W1.npy", NumpyFiles.ones("2, -2", 4));
        assertRefused(
                "holds '|O'; floats, please",
                "W1.npy",
                NumpyFiles.npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }", 4));
        assertRefused(
                "np.ascontiguousarray",
                "W1.npy",
                NumpyFiles.npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 4));
        assertRefused("is no array", "W1.npy", new byte[] {1, 2, 3});
        assertRefused("is no array", "W1.npy", new byte[64]);
    }
}
