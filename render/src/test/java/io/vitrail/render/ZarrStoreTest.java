package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files are read by the words of the format here: numbers as raw bytes, JSON as text. */
class ZarrStoreTest {
    @TempDir Path folder;

    private Path root() {
        return folder.resolve("heat.zarr");
    }

    private static NpyArray map(float... values) {
        return NpyArray.of(Values.of(values, new Axes(List.of(1), -1), 1, values.length));
    }

    private static float[] floats(Path chunk) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(chunk)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    private String json(String file) throws IOException {
        return Files.readString(root().resolve(file)).replaceAll("\\s", "");
    }

    /** What is on disk when the program is killed now. */
    private Path killed() throws IOException {
        Path copy = folder.resolve("copy.zarr");
        try (Stream<Path> all = Files.walk(root())) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Files.copy(file, copy.resolve(root().relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void aKeyIsAnArrayOfRawFloatsWithTheItemsAsFirstAxis() throws IOException {
        Axes space = new Axes(List.of(1, 2), -1);
        try (ZarrStore store = ZarrStore.open(root())) {
            for (int n = 0; n < 3; n++) {
                float[] two = {10 * n, 10 * n + 1, 10 * n + 2, 10 * n + 3};
                store.put(
                        n + ".png",
                        Map.of(
                                "grad-cam/layer4", NpyArray.of(Values.of(two, space, 1, 2, 2)),
                                "target", NpyArray.of(new long[] {7 + n}, 1)),
                        Map.of());
            }
        }

        assertThat(json(".zgroup")).isEqualTo("{\"zarr_format\":2}");
        assertThat(json("grad-cam/.zgroup")).isEqualTo("{\"zarr_format\":2}");
        assertThat(json("grad-cam/layer4/.zarray"))
                .isEqualTo(
                        "{\"zarr_format\":2,\"shape\":[3,2,2],\"chunks\":[1024,2,2],\"dtype\":\"<f4\","
                                + "\"compressor\":null,\"fill_value\":\"NaN\",\"order\":\"C\",\"filters\":null}");
        float[] chunk = floats(root().resolve("grad-cam/layer4/0.0.0"));
        assertThat(chunk).hasSize(1024 * 4).startsWith(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
        assertThat(chunk[12]).isNaN();
        assertThat(json("target/.zarray")).contains("\"dtype\":\"<i8\"", "\"fill_value\":-1");
        ByteBuffer classes = ByteBuffer.wrap(Files.readAllBytes(root().resolve("target/0")));
        classes.order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new long[] {classes.getLong(), classes.getLong(), classes.getLong()})
                .containsExactly(7, 8, 9);
        assertThat(classes.getLong()).isEqualTo(-1);
    }

    /** numcodecs.VLenUTF8: how many, then the length and the bytes of each. */
    @Test
    void namesAreTextsOfAnyLetters() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of(), Map.of("label", "star"));
            store.put("\u00e9\n\ud83d\udc36", Map.of(), Map.of());
        }

        assertThat(json("name/.zarray"))
                .contains(
                        "\"shape\":[2],\"chunks\":[256],\"dtype\":\"|O\"",
                        "\"filters\":[{\"id\":\"vlen-utf8\"}]");
        byte[] bytes = Files.readAllBytes(root().resolve("name/0"));
        assertThat(bytes).hasSize(4 + 256 * 4 + 1 + 7);
        assertThat(bytes)
                .startsWith(0, 1, 0, 0, 1, 0, 0, 0, 'a', 7, 0, 0, 0, 0xc3, 0xa9, '\n', 0xf0, 0x9f)
                .endsWith(0, 0, 0, 0);
        assertThat(Files.readAllBytes(root().resolve("label/0")))
                .startsWith(0, 1, 0, 0, 4, 0, 0, 0, 's', 't', 'a', 'r', 0, 0, 0, 0);
    }

    @Test
    void whatWasNotCommittedIsGoneAfterAKillAndThatAlone() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("m", map(1, 2)), Map.of("label", "x"));
            store.put("b", Map.of("m", map(3, 4)), Map.of("label", "y"));
            store.commit();
            store.put("c", Map.of("m", map(5, 6), "late", map(7)), Map.of("label", "z"));
            Files.writeString(root().resolve("m/.1.0.4711-1.part"), "half a file");
            Path copy = killed();

            try (ZarrStore again = ZarrStore.open(copy)) {
                assertThat(again.rows()).isEqualTo(2);
                assertThat(again.row("a")).isZero();
                assertThat(again.row("b")).isEqualTo(1);
                assertThat(again.row("c")).isEqualTo(-1);
                assertThat(again.text("label", 1)).isEqualTo("y");
                assertThat(again.text("label", 2)).isEmpty();
                assertThat(floats(copy.resolve("m/0.0"))[4]).isNaN();
                assertThat(floats(copy.resolve("late/0.0"))).containsOnly(Float.NaN);
                assertThat(copy.resolve("m/.1.0.4711-1.part")).doesNotExist();
                assertThat(again.put("d", Map.of("m", map(8, 9)), Map.of())).isEqualTo(2);
            }
            assertThat(floats(copy.resolve("m/0.0"))).startsWith(1, 2, 3, 4, 8, 9);
        }
    }

    @Test
    void anItemThatComesAgainReplacesItself() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("m", map(1, 2), "n", map(1)), Map.of("label", "x"));
            store.put("b", Map.of("m", map(3, 4), "n", map(2)), Map.of("label", "y"));
            assertThat(store.put("a", Map.of("m", map(5, 6)), Map.of("label", "z"))).isZero();
            assertThat(store.rows()).isEqualTo(2);
            assertThat(store.text("label", 0)).isEqualTo("z");
        }

        assertThat(floats(root().resolve("m/0.0"))).startsWith(5, 6, 3, 4);
        assertThat(floats(root().resolve("n/0.0"))).startsWith(Float.NaN, 2);
    }

    @Test
    void anItemOfAnotherShapeOrTypeLiesAlone() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("m", map(1, 2)), Map.of());
            store.put("b", Map.of("m", map(3, 4, 5)), Map.of());
            store.put("c", Map.of("m", NpyArray.of(new long[] {6, 7}, 1, 2)), Map.of());
            store.put("d", Map.of("m", map(8, 9)), Map.of());
        }

        float[] common = floats(root().resolve("m/0.0"));
        assertThat(common).startsWith(1, 2, Float.NaN, Float.NaN, Float.NaN, Float.NaN, 8, 9);
        assertThat(json("items/1/m/.zarray")).contains("\"shape\":[3],\"chunks\":[3]");
        assertThat(floats(root().resolve("items/1/m/0"))).containsExactly(3, 4, 5);
        assertThat(json("items/2/m/.zarray")).contains("\"dtype\":\"<i8\"");
        assertThat(root().resolve("items/1/.zgroup")).exists();

        try (ZarrStore store = ZarrStore.open(root())) {
            assertThat(store.read("m", 1).orElseThrow().values().toFloats())
                    .containsExactly(3, 4, 5);
            assertThat(store.read("m", 2).orElseThrow())
                    .isEqualTo(NpyArray.of(new long[] {6, 7}, 1, 2));
            assertThat(store.read("m", 3).orElseThrow().values().toFloats()).containsExactly(8, 9);
            store.put("b", Map.of("m", map(10, 11)), Map.of());
        }
        assertThat(root().resolve("items/1")).doesNotExist();
        assertThat(floats(root().resolve("m/0.0"))).startsWith(1, 2, 10, 11);
    }

    @Test
    void arraysThatLieAloneDoNotMeetEither() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("x@1", map(1), "x:1", map(2)), Map.of());
            store.put("b", Map.of("x@1", map(3, 3), "x:1", map(4, 4)), Map.of());
            assertThat(store.read("x@1", 1).orElseThrow().values().get(0)).isEqualTo(3);
            assertThat(store.read("x:1", 1).orElseThrow().values().get(0)).isEqualTo(4);
        }
    }

    @Test
    void aScalarAndAnArrayWithoutElementsHaveRowsToo() throws IOException {
        Values scalar = Values.of(new float[] {2.5f}, Axes.NONE);
        Values nothing = Values.of(new float[0], Axes.NONE, 1, 0);
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("s", NpyArray.of(scalar), "e", NpyArray.of(nothing)), Map.of());
        }

        assertThat(floats(root().resolve("s/0"))).startsWith(2.5f);
        assertThat(json("e/.zarray")).contains("\"shape\":[1,0],\"chunks\":[1024,1]");
        assertThat(root().resolve("e/0.0")).doesNotExist();
    }

    @Test
    void manyItemsFillManyFiles() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            for (int n = 0; n < 2500; n++) {
                store.put("photo-" + n, Map.of("m", map(n)), Map.of());
                if (n % 100 == 0) {
                    store.commit();
                }
            }
            assertThat(store.row("photo-1999")).isEqualTo(1999);
        }

        assertThat(json("m/.zarray")).contains("\"shape\":[2500,1]");
        assertThat(floats(root().resolve("m/2.0"))[2499 - 2048]).isEqualTo(2499);
        assertThat(root().resolve("name/9")).exists();
        assertThat(root().resolve("name/10")).doesNotExist();
        try (ZarrStore store = ZarrStore.open(root())) {
            assertThat(store.row("photo-2499")).isEqualTo(2499);
            assertThat(store.read("m", 1024).orElseThrow().values().toFloats())
                    .containsExactly(1024);
        }
    }

    @Test
    void anItemLargerThanAFileHasOneOfItsOwn() throws IOException {
        float[] large = new float[(4 << 20) / 4 + 1];
        large[large.length - 1] = 3;
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of(), Map.of());
            store.put("b", Map.of("m", map(large)), Map.of());
        }

        assertThat(json("m/.zarray")).contains("\"chunks\":[1," + large.length + "]");
        assertThat(root().resolve("m/0.0")).doesNotExist();
        assertThat(floats(root().resolve("m/1.0"))).hasSize(large.length).endsWith(3);
    }

    @Test
    void keysArePathsWithinTheStoreThatDoNotMeet() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put(
                    "a",
                    Map.of("../../up", map(1), "items", map(2), "x@class:1", map(3)),
                    Map.of());
            store.put("b", Map.of("x@class=1", map(4)), Map.of());
            store.put("c", Map.of("gradient", map(5)), Map.of());
            store.put("d", Map.of("gradient/layer", map(6)), Map.of());
        }

        assertThat(folder.resolve("up")).doesNotExist();
        assertThat(floats(root().resolve("_./_./up/0.0"))).startsWith(1);
        assertThat(floats(root().resolve("items-2/0.0"))).startsWith(2);
        assertThat(floats(root().resolve("x_class_1/0.0"))).startsWith(3);
        assertThat(floats(root().resolve("x_class_1-2/0.0"))[1]).isEqualTo(4);
        assertThat(floats(root().resolve("gradient/0.0"))[2]).isEqualTo(5);
        assertThat(floats(root().resolve("gradient-2/layer/0.0"))[3]).isEqualTo(6);
        assertThat(json(".zattrs")).contains("\"gradient/layer\":\"gradient-2/layer\"");
    }

    @Test
    void startingAnewForgetsAllItemsAndArrays() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.about(Map.of("model", "old.pt"));
            store.put("a", Map.of("m/n", map(1)), Map.of("label", "x"));
            store.put("b", Map.of("m/n", map(1, 2)), Map.of());
        }
        try (ZarrStore store = ZarrStore.create(root())) {
            assertThat(store.rows()).isZero();
            store.put("c", Map.of("k", map(3)), Map.of());
        }

        assertThat(root().resolve("m")).doesNotExist();
        assertThat(root().resolve("items")).doesNotExist();
        assertThat(root().resolve("label")).doesNotExist();
        assertThat(json(".zattrs")).doesNotContain("old.pt").contains("\"k\":\"k\"");
        assertThat(json("name/.zarray")).contains("\"shape\":[1]");
    }

    @Test
    void aSecondWriterIsRefused() {
        try (ZarrStore store = ZarrStore.open(root())) {
            assertThat(store.rows()).isZero();
            assertThatThrownBy(() -> ZarrStore.open(root()))
                    .isInstanceOf(VitrailException.class)
                    .hasMessage(
                            root()
                                    + ": another run is writing into this store\n"
                                    + "  do:  wait for it, or name another folder");
        }
        ZarrStore.open(root()).close();
    }

    @Test
    void aFolderWithOtherThingsIsRefused() throws IOException {
        Files.createDirectories(root());
        Files.writeString(root().resolve("thesis.tex"), "years of work");

        assertThatThrownBy(() -> ZarrStore.create(root()))
                .hasMessage(
                        root()
                                + ": holds other things than a store\n"
                                + "  do:  name another folder");
        assertThat(root().resolve("thesis.tex")).exists();
    }

    @Test
    void aDamagedStoreIsRefusedWithTheFile() throws IOException {
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put("a", Map.of("m", map(1)), Map.of());
        }
        String sound = Files.readString(root().resolve("m/.zarray"));
        for (String broken :
                List.of(
                        sound.replace("1024", "1000"),
                        sound.replace("<f4", "<c8"),
                        sound.replace("null", "{\"id\":\"blosc\"}"),
                        sound.replace("1024", "9".repeat(30)),
                        sound.substring(0, 40),
                        "")) {
            Files.writeString(root().resolve("m/.zarray"), broken);
            assertRefused(root().resolve("m/.zarray"));
        }
        Files.writeString(root().resolve("m/.zarray"), sound);
        Path names = root().resolve("name/0");
        byte[] good = Files.readAllBytes(names);
        Files.write(names, new byte[] {0, 1, 0, 0, (byte) 255, (byte) 255, (byte) 255, 127});
        assertRefused(names);
        Files.write(names, good);
        Path attributes = root().resolve(".zattrs");
        Files.writeString(
                attributes,
                Files.readString(attributes).replace("\"m\": \"m\"", "\"m\": \"../m\""));
        assertRefused(attributes);
    }

    private void assertRefused(Path file) {
        assertThatThrownBy(() -> ZarrStore.open(root()))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith(file + ": not as Vitrail writes it: ")
                .hasMessageEndingWith("\n  do:  delete the store");
    }

    @Test
    void textsLongerThanAnyBufferAreKept() {
        String text = "\u00fc".repeat(100_000);
        try (ZarrStore store = ZarrStore.open(root())) {
            store.put(text, Map.of(), Map.of("note", text + "!"));
        }
        try (ZarrStore store = ZarrStore.open(root())) {
            assertThat(store.row(text)).isZero();
            assertThat(store.text("note", 0).getBytes(StandardCharsets.UTF_8)).hasSize(200_001);
        }
    }
}
