package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarTest {
    @TempDir Path folder;

    @Test
    void readsWhatAPersonWrites() throws IOException {
        Files.writeString(folder.resolve("classes.txt"), "\ufeffant\r\nbee \n\ncat\n\n");
        Path file = folder.resolve("net.pt.vitrail.json");
        Files.writeString(
                file,
                """
                {
                  "preprocess": "torch,size=224,crop",
                  "labels": "classes.txt",
                  "layer": "layer4",
                  "anchors": 5,
                  "shape": [1, 3, 224, 224]
                }
                """);
        assertThat(Sidecar.of(folder.resolve("net.pt")))
                .isEqualTo(
                        new Sidecar(
                                "torch,size=224,crop",
                                List.of("ant", "bee", "", "cat"),
                                "classes.txt",
                                "layer4",
                                5,
                                List.of(1L, 3L, 224L, 224L)));
        assertThat(Sidecar.of(folder.resolve("other.pt"))).isEqualTo(Sidecar.EMPTY);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("net.vitrail.json");
        Sidecar sidecar =
                Sidecar.EMPTY
                        .withPreprocess("none,mean=1:2:3")
                        .withLabels(List.of("a \"b\"", "ü"))
                        .withShape(List.of(-1L, 3L, 8L, 8L));
        sidecar.write(file);
        assertThat(Sidecar.read(file)).isEqualTo(sidecar);
        assertThat(Files.readString(file)).endsWith("}\n").doesNotContain("layer");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aSidecarIsTheSameInAnotherProcess() throws Exception {
        Path file = folder.resolve("net.vitrail.json");
        Sidecar.EMPTY
                .withLabels(List.of("a", "b"))
                .withShape(List.of(1L, 3L, 8L, 8L))
                .withAnchorSizes(List.of(List.of(new Anchor(10, 13))))
                .write(file);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(Sidecar.read(file));
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(Sidecar.read(file));
        }
    }

    @Test
    void anchorsAreANumberOrSizesForAllOutputsOrOneListAnOutput() throws IOException {
        Path file = folder.resolve("net.vitrail.json");
        Anchor small = new Anchor(10, 13.5);
        Anchor large = new Anchor(116, 90);
        for (Map.Entry<String, List<List<Anchor>>> one :
                Map.of(
                                "[[10, 13.5], [116, 90]]", List.of(List.of(small, large)),
                                "[[[116, 90]], [[10, 13.5]]]",
                                        List.of(List.of(large), List.of(small)))
                        .entrySet()) {
            Files.writeString(file, "{\"anchors\": " + one.getKey() + "}");
            Sidecar read = Sidecar.read(file);
            assertThat(read.anchorSizes()).isEqualTo(one.getValue());
            read.write(file);
            assertThat(Sidecar.read(file)).isEqualTo(read);
            assertThat(Files.readString(file).replaceAll("\\s", ""))
                    .isEqualTo("{\"anchors\":" + one.getKey().replace(" ", "") + "}");
        }
    }

    @Test
    void whatIsNoSidecarIsRefusedWithFileAndPlace() throws IOException {
        Map<String, String> refused =
                Map.ofEntries(
                        Map.entry("{\"anchors\": [[10, 0]]}", "is no size of a box; in pixels"),
                        Map.entry(
                                "{\"anchors\": [[[1, 2]], [[1, 2], [3, 4]]]}",
                                "give each output as many"),
                        Map.entry("{\"anchors\": [[1, 2], [[3, 4]]]}", "of the wrong type"),
                        Map.entry("{\"anchors\": [[1, 2, 3]]}", "of the wrong type"),
                        Map.entry(
                                "{\"preproces\": \"tf\"}",
                                "no key 'preproces' in a sidecar\n  nearest: pre"),
                        Map.entry(
                                "{\"anchors\": \"x\"}", "a value of the wrong type (at $.anchors)"),
                        Map.entry(
                                "{\"shape\": [1, 2.5]}",
                                "a value of the wrong type (at $.shape[1])"),
                        Map.entry("{\"layer\": \"a\", \"layer\": \"b\"}", "the key is there twice"),
                        Map.entry("{'layer': \"a\"}", "is no JSON"),
                        Map.entry("{\"layer\": \"a\"} x", "is no JSON"),
                        Map.entry("{\"layer\": ", "is no JSON"),
                        Map.entry("[]", "a value of the wrong type"),
                        Map.entry("", "is no JSON"),
                        Map.entry("{\"labels\": \"none.txt\"}", "none.txt: no such file"));
        Path file = folder.resolve("net.vitrail.json");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            Files.writeString(file, one.getKey());
            assertThatThrownBy(() -> Sidecar.read(file))
                    .as(one.getKey())
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.USAGE))
                    .hasMessageContaining(one.getValue());
        }
    }

    @Test
    void labelsMustBeTextAndBeThere() throws IOException {
        Path file = folder.resolve("labels.txt");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> Labels.read(file)).hasMessageContaining("is no text in UTF-8");
        Files.writeString(file, "\n\n");
        assertThatThrownBy(() -> Labels.read(file)).hasMessageContaining("no labels in it");
        assertThatThrownBy(() -> Labels.read(folder)).hasMessageContaining("no such file");
    }
}
