package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrail.api.VitrailException;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compare the whole text with which a bad file is refused. */
class RefusalTest {
    @TempDir Path folder;

    private static VitrailException refusal(Path file) {
        VitrailException refusal =
                catchThrowableOfType(
                        VitrailException.class, () -> new KerasFormat().open(file).close());
        assertThat(refusal).as("%s is refused", file).isNotNull();
        assertThat(refusal.kind()).isEqualTo(VitrailException.Kind.MODEL);
        return refusal;
    }

    private static String golden(String name) throws IOException {
        try (var in = RefusalTest.class.getResourceAsStream("refusals/" + name + ".txt")) {
            assertThat(in).as("golden text of %s", name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broken_json.h5",
                "custom_layer.keras",
                "damaged.h5",
                "empty.h5",
                "lambda.keras",
                "lambda_k2.h5",
                "missing_weight.h5",
                "missing_weight.keras",
                "no_weights.keras",
                "not_a_model.h5",
                "not_a_model.keras",
                "random.h5",
                "random.keras",
                "truncated.h5",
                "truncated.keras",
                "truncated_superblock.h5",
                "unknown_input.h5",
                "weights_only_k2.h5",
                "weights_only_k3.weights.h5",
                "wrong_shape.h5"
            })
    void aBadFileIsRefusedByPlaceWithARemedy(String name) throws IOException {
        assertThat(refusal(SharedData.model("keras/bad/" + name))).hasMessage(golden(name));
    }

    @Test
    void aSavedModelIsClaimedAndRefusedWithWhatToDo() throws IOException {
        Path saved = Files.createDirectory(folder.resolve("classifier"));
        Path graph = Files.write(saved.resolve("saved_model.pb"), new byte[] {8, 1});

        assertThat(new KerasFormat().claims(saved)).isTrue();
        assertThat(refusal(saved)).hasMessage(golden("saved_model"));
        assertThat(new KerasFormat().claims(graph)).isTrue();
        assertThat(refusal(graph)).hasMessageContaining("TensorFlow's SavedModel");
    }
}
