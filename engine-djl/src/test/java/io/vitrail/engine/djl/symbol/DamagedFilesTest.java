package io.vitrail.engine.djl.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Copies of one sound file, each with one fault. */
class DamagedFilesTest {
    /** What the refusal must name: the array, the node or the place. */
    private static final Map<String, String> NAMED =
            Map.ofEntries(
                    Map.entry("truncated_params", "it was cut off"),
                    Map.entry("truncated_names", "it was cut off"),
                    Map.entry("truncated_header", "the header"),
                    Map.entry("empty_params", "the header"),
                    Map.entry("bad_magic", "its first word is wrong"),
                    Map.entry("bad_dtype", "its type code is 99"),
                    Map.entry("half_symbol", "no symbol in JSON"),
                    Map.entry("not_json", "no symbol in JSON"),
                    Map.entry("missing_array", "no array 'conv1_bias'"),
                    Map.entry("unknown_operator", "no operator 'Activision'; nearest: Activation"),
                    Map.entry("unknown_attribute", "'mood' of node 'relu1'"),
                    Map.entry("wrong_shape", "array 'fc1_weight' of shape (5, 143)"),
                    Map.entry("dangling_input", "node 99"),
                    Map.entry("cycle", "a cycle"),
                    Map.entry("huge_count", "1152921504606846976 entries"),
                    Map.entry("huge_ndim", "2147483647 axes"),
                    Map.entry("huge_shape", "array 0"),
                    Map.entry("overflow_shape", "array 0"),
                    Map.entry("negative_shape", "axis 0 has the size -4"),
                    Map.entry("huge_name", "4611686018427387904 entries"));

    private static Path file(String name) {
        return SharedData.model("mxnet/bad/" + name + "-symbol.json");
    }

    @TestFactory
    Stream<DynamicTest> eachIsRefusedByFileAndPlace() {
        return NAMED.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> refused(each)));
    }

    private static void refused(Map.Entry<String, String> each) {
        Path file = file(each.getKey());
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> new SymbolFormat().open(file).close())
                .withMessageStartingWith(each.getKey() + "-symbol.json: ")
                .withMessageContaining(each.getValue())
                .withMessageContaining("remedy: ")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL));
    }

    @Test
    void whatMerelyPuzzlesIsRead() {
        for (String name : new String[] {"extra_array", "no_prefix", "hidden_key"}) {
            try (GraphSource source = new SymbolFormat().open(file(name))) {
                assertThat(source.inputs().get(0).type().shape())
                        .as(name)
                        .isEqualTo(
                                new Shape(-1, 3, 8, 8)); // 144 columns, 4 channels: 6x6 behind 3x3
            }
        }
    }
}
