package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.NpyArray;
import io.vitrail.render.ZarrStore;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines are as a record has them; the means are worked out by hand. */
class SummaryTest {
    private static final Path A = Path.of("in/a.png");
    private static final Path B = Path.of("in/b.png");
    private static final Path C = Path.of("in/c.png");
    private static final Path BROKEN = Path.of("in/x, y.png");

    @TempDir Path folder;
    private ZarrStore maps;

    @BeforeEach
    void someMaps() {
        maps = ZarrStore.create(folder.resolve("maps.zarr"));
        map("in/c.png", 8, 0, 0, 0);
        map("in/a.png", 1, 2, 3, 4);
        map("in/b.png", 3, 2, 1, 0);
    }

    private void map(String name, float... values) {
        Axes space = new Axes(List.of(1, 2), -1);
        maps.put(
                name,
                Map.of("grad-cam/conv", NpyArray.of(Values.of(values, space, 1, 2, 2))),
                Map.of());
    }

    private String line(Path input, int number, String label, double score, String more) {
        return "{\"input\":\""
                + input
                + "\",\"items\":1,\"seconds\":0.5,\"targets\":[{\"target\":\"predicted\",\"classes\":["
                + number
                + "],\"labels\":[\""
                + label
                + "\"],\"scores\":["
                + score
                + "]}],\"results\":[{\"method\":\"grad-cam\",\"layer\":\"conv\",\"target\":\"predicted\","
                + more
                + "\"files\":[\""
                + folder.resolve(input.getFileName())
                + "\"]}]}";
    }

    private void summarise(List<Path> inputs) {
        Map<Path, String> done =
                Map.of(
                        A, line(A, 3, "star", 1.5, ""),
                        B, line(B, 3, "star", 2.25, ""),
                        C, line(C, 4, "", -1, "\"empty\":true,"));
        new Summary(folder.resolve("summary"), maps, "shapes.pt")
                .write(
                        inputs,
                        input -> Optional.ofNullable(done.get(input)),
                        input ->
                                input.equals(BROKEN)
                                        ? Optional.of(
                                                "{\"input\":\"x\",\"error\":\"no picture\\n  do:  x\"}")
                                        : Optional.empty());
    }

    @Test
    void theTableHasEveryInputInItsOrderAndSaysWhyOneFailed() throws IOException {
        summarise(List.of(A, BROKEN, C, Path.of("in/interrupted.png"), B));

        assertThat(folder.resolve("summary/scores.csv"))
                .hasContent(
                        "name,target,class,label,score,seconds,empty,failure\n"
                                + "in/a.png,predicted,3,star,1.5,0.5,false,\n"
                                + "\"in/x, y.png\",,,,,,false,no picture\n"
                                + "in/c.png,predicted,4,,-1.0,0.5,true,\n"
                                + "in/b.png,predicted,3,star,2.25,0.5,false,\n");
    }

    @Test
    void eachClassHasTheMeanOfItsMaps() throws IOException {
        summarise(List.of(C, A, B));

        Path means = folder.resolve("summary/means.zarr");
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(means.resolve("grad-cam/conv/0.0.0")));
        List<Float> floats = new ArrayList<>();
        while (floats.size() < 8) {
            floats.add(bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat());
        }
        // the class with most items is the first row
        assertThat(floats).containsExactly(2f, 2f, 2f, 2f, 8f, 0f, 0f, 0f);
        try (ZarrStore store = ZarrStore.open(means)) {
            assertThat(store.text("name", 0)).isEqualTo("3 star");
            assertThat(store.text("name", 1)).isEqualTo("class 4");
            assertThat(store.read("count/grad-cam/conv", 0).orElseThrow().values().get(0))
                    .isEqualTo(2);
        }
        assertThat(ImageIO.read(folder.resolve("summary/means.png").toFile())).isNotNull();
    }

    /** Of a network of free size: the small maps of wide and tall pictures differ. */
    @Test
    void mapsOfAnyShapeCount() throws IOException {
        Axes space = new Axes(List.of(1, 2), -1);
        Values tall = Values.of(new float[] {6, 6, 6, 6, 6, 6}, space, 1, 3, 2);
        maps.put("in/b.png", Map.of("grad-cam/conv", NpyArray.of(tall)), Map.of());

        summarise(List.of(A, B));

        try (ZarrStore store = ZarrStore.open(folder.resolve("summary/means.zarr"))) {
            assertThat(store.read("grad-cam/conv", 0).orElseThrow().values().toFloats())
                    .containsExactly(3.5f, 4, 4.5f, 5); // (1 2 3 4 and 6 6 6 6) / 2
        }
    }

    @Test
    void theContactSheetShowsThePicturesThatAreThere() throws IOException {
        Path sheet = folder.resolve("summary/contact-sheet.png");
        summarise(List.of(A, B, C));
        assertThat(sheet).doesNotExist();

        BufferedImage red = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 90_000; i++) {
            red.setRGB(i % 300, i / 300, 0xff0000);
        }
        ImageIO.write(red, "png", folder.resolve("b.png").toFile());
        summarise(List.of(A, B, C));

        BufferedImage page = ImageIO.read(sheet.toFile());
        int count = 0;
        for (int i = 0; i < page.getWidth() * page.getHeight(); i++) {
            int rgb = page.getRGB(i % page.getWidth(), i / page.getWidth()) & 0xffffff;
            count += rgb == 0xff0000 ? 1 : 0;
        }
        assertThat(count).isBetween(144 * 144 - 1000, 144 * 144); // once, less its frame

        summarise(List.of(A, C));
        assertThat(sheet).doesNotExist();
    }
}
