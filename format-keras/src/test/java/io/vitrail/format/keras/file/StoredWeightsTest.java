package io.vitrail.format.keras.file;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.vitrail.format.keras.StoredArray;
import io.vitrail.testkit.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compare every weight with the one that Keras itself gives the layer.
 *
 * <p>weights.txt has, for each file, layer, number, name, shape and the first digits of the SHA-256
 * of the bytes of {@code layer.weights} after {@code keras.models.load_model}, by Keras 3.15.1 or
 * tf_keras 2.21.0; layers made of others (attention, recurrent) are left out, names beyond 12
 * letters in long_names are cut.
 */
class StoredWeightsTest {
    static Stream<Arguments> everyFile() throws IOException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        InputStream table =
                Objects.requireNonNull(StoredWeightsTest.class.getResourceAsStream("weights.txt"));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            List<String> current = new ArrayList<>();
            for (String line : lines.lines().toList()) {
                if (line.startsWith("# ")) {
                    current = new ArrayList<>();
                    files.put(line.substring(2), current);
                } else {
                    current.add(line);
                }
            }
        }
        return files.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyFile")
    void everyWeightIsTheOneThatKerasGivesTheLayer(String file, List<String> expected) {
        StoredModel model = KerasFile.open(SharedData.model("keras/" + file));
        Map<String, StoredLayer> layers = new HashMap<>();
        collect(model, file.startsWith("long_names"), layers);
        for (String line : expected) {
            String[] parts = line.split(" ");
            StoredLayer layer = Objects.requireNonNull(layers.get(parts[0]), line);
            long[] sizes = sizes(parts[3]);
            StoredArray array =
                    layer.weights().get(parts[2], Integer.parseInt(parts[1]), new Shape(sizes));
            assertThat(digest(array.bytes().get())).as(line).startsWith(parts[4]);
        }
    }

    private static long[] sizes(String shape) {
        return shape.equals("()")
                ? new long[0]
                : Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
    }

    private static void collect(StoredModel model, boolean cut, Map<String, StoredLayer> into) {
        for (StoredLayer layer : model.layers()) {
            String path = layer.config().path();
            if (cut) {
                path =
                        String.join(
                                "/",
                                Arrays.stream(path.split("/"))
                                        .map(name -> name.substring(0, Math.min(12, name.length())))
                                        .toList());
            }
            into.put(path, layer);
            if (layer.inner() != null) {
                collect(layer.inner(), cut, into);
            }
        }
    }

    static String digest(ByteBuffer bytes) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes.duplicate());
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
