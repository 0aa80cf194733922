package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.demo.Demo;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.render.ZarrStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --save zarr and --summary keep of runs over a folder, on the embedded network. */
class StoreTest {
    @TempDir private Path folder;
    private Path photos;
    private Path out;

    @BeforeEach
    void threePictures() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        out = folder.resolve("out");
        for (String name : List.of("a.png", "b.png", "c.png")) {
            Files.copy(DemoModel.picture(), photos.resolve(name));
        }
    }

    private Captured explain(String... more) {
        List<String> words = new ArrayList<>(List.of("explain", DemoModel.model()));
        words.addAll(List.of(photos.toString(), "-o", out.toString(), "--batch", "2"));
        words.addAll(List.of(more));
        return Captured.run(words.toArray(String[]::new));
    }

    private Map<String, NpyArray> npz(String stem) {
        return Npz.read(out.resolve(stem + ".npz"));
    }

    private static Map<String, NpyArray> row(ZarrStore store, int row) {
        Map<String, NpyArray> arrays = new java.util.TreeMap<>();
        for (String key : store.keys()) {
            store.read(key, row).ifPresent(array -> arrays.put(key, array));
        }
        return arrays;
    }

    private List<String> table() throws IOException {
        return Files.readAllLines(out.resolve("summary/scores.csv"));
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    void theStoreHasWhatTheFilesHaveARowForEachInput() throws IOException {
        Captured call = explain("-m", "grad-cam", "-m", "gradient", "--save", "npz,zarr,json");

        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            assertThat(store.rows()).isEqualTo(3);
            assertThat(store.keys())
                    .containsExactly(
                            "grad-cam/" + Demo.LAYER, "gradient", "output", "target", "score");
            int row = store.row(photos.resolve("b.png").toString());
            assertThat(row(store, row)).containsExactlyInAnyOrderEntriesOf(npz("b"));
            assertThat(store.text("label", row)).isNotEmpty();
            assertThat(store.about()).containsEntry("methods", "grad-cam,gradient");
        }
        assertThat(Files.readString(out.resolve("vitrail.json")))
                .contains("\"store\": \"" + out.resolve("vitrail.zarr") + "\"");
    }

    @Test
    void aFileOfSeveralItemsHasARowForEach() throws IOException {
        remove(photos);
        Files.createDirectory(photos);
        explain2Items();

        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            assertThat(store.rows()).isEqualTo(2);
            assertThat(store.row(photos.resolve("two.npy") + "[1]")).isEqualTo(1);
        }
        assertThat(table()).hasSize(3);
        assertThat(table().get(2)).startsWith(photos.resolve("two.npy") + "[1],predicted,");
    }

    private void explain2Items() {
        float[] two = new float[2 * 3 * 96 * 96];
        for (int i = 0; i < two.length; i++) {
            two[i] = i % 97 / 97f;
        }
        io.vitrail.render.Npy.write(
                photos.resolve("two.npy"),
                NpyArray.of(
                        io.vitrail.api.Values.of(
                                two, io.vitrail.api.graph.Axes.channelsFirst(4), 2, 3, 96, 96)));
        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        photos.resolve("two.npy").toString(),
                        "-o",
                        out.toString(),
                        "--save",
                        "zarr",
                        "--summary");
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).contains(out.resolve("vitrail.zarr").toString());
    }

    @Test
    void aSummaryCoversInputsOfEarlierRunsToo() throws IOException {
        explain("--save", "png,json", "--summary");
        assertThat(table()).hasSize(4);
        Files.copy(DemoModel.picture(), photos.resolve("0.png"));
        Files.writeString(photos.resolve("broken.png"), "no picture");

        Captured call = explain("--save", "png,json", "--summary", "--resume");

        assertThat(call.code()).isEqualTo(ExitCode.SOME_FAILED.number());
        assertThat(call.err()).contains("3 of 5 inputs were done before");
        assertThat(table())
                .hasSize(6)
                .anyMatch(line -> line.startsWith(photos.resolve("0.png") + ",predicted,"))
                .anyMatch(line -> line.matches(".*broken\\.png,,,,,,false,.*"));
        try (ZarrStore means = ZarrStore.open(out.resolve("summary/means.zarr"))) {
            assertThat(means.rows()).isEqualTo(1); // one picture four times
            String count = "count/grad-cam/" + Demo.LAYER;
            assertThat(means.read(count, 0).orElseThrow().values().get(0)).isEqualTo(4);
        }
        assertThat(ImageIO.read(out.resolve("summary/contact-sheet.png").toFile())).isNotNull();
        assertThat(ImageIO.read(out.resolve("summary/means.png").toFile())).isNotNull();
    }

    @Test
    void whatAStoreLacksIsDoneAgain() throws IOException {
        explain("--save", "npz,zarr,json");
        FileTime before = Files.getLastModifiedTime(out.resolve("a.npz"));
        remove(out.resolve("vitrail.zarr"));

        Captured call = explain("--save", "npz,zarr,json", "--resume");

        assertThat(call.code()).isZero();
        assertThat(Files.getLastModifiedTime(out.resolve("a.npz"))).isGreaterThan(before);
        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            assertThat(store.rows()).isEqualTo(3);
        }
    }

    @Test
    void aRunThatIsNotResumedBeginsTheStoreAnew() throws IOException {
        explain("--save", "zarr,json");
        Files.delete(photos.resolve("a.png"));
        explain("--save", "zarr,json", "-m", "activation", "-l", Demo.LAYER);

        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            assertThat(store.rows()).isEqualTo(2);
            assertThat(store.keys()).containsExactly("activation/" + Demo.LAYER, "output");
        }
    }

    @Test
    void anotherCallThatResumesBeginsTheStoreAnew() throws IOException {
        explain("--save", "zarr,json");
        Captured call = explain("--save", "zarr,json", "--resume", "-m", "gradient");

        assertThat(call.err()).contains("it is made anew");
        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            assertThat(store.rows()).isEqualTo(3);
            assertThat(store.keys()).contains("gradient").doesNotContain("grad-cam/" + Demo.LAYER);
        }
    }
}
