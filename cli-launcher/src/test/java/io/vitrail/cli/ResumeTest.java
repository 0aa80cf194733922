package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.demo.Scenes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that is resumed does, and what it leaves as it is. */
class ResumeTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

    @TempDir private Path folder;
    private Path photos;
    private Path out;

    @BeforeEach
    void pictures() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        out = folder.resolve("out");
        for (int i = 1; i <= 4; i++) {
            picture("p" + i + ".png", i);
        }
    }

    private void picture(String name, long seed) throws IOException {
        ImageIO.write(Scenes.scene(seed).image(), "png", photos.resolve(name).toFile());
    }

    private Captured explain(String... more) {
        Stream<String> call =
                Stream.of("explain", DemoModel.model(), photos.toString(), "-o", out.toString());
        return Captured.run(Stream.concat(call, Arrays.stream(more)).toArray(String[]::new));
    }

    /** Make all files of results old, so that those that are written anew show. */
    private void age() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setLastModifiedTime(file, LONG_AGO);
            }
        }
    }

    private List<String> anew() throws IOException {
        List<String> anew = new ArrayList<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!Files.getLastModifiedTime(file).equals(LONG_AGO)) {
                    anew.add(file.getFileName().toString());
                }
            }
        }
        return anew.stream().sorted().toList();
    }

    private JsonObject record() throws IOException {
        return JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                .getAsJsonObject();
    }

    private List<String> recorded(String list) throws IOException {
        return StreamSupport.stream(record().getAsJsonArray(list).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(entry -> Path.of(entry.get("input").getAsString()).getFileName().toString())
                .toList();
    }

    @Test
    void onlyWhatIsMissingOrChangedIsDone() throws IOException {
        assertThat(explain().code()).isZero();
        age();
        Files.delete(out.resolve("p1.npz"));
        Files.write(out.resolve("p2.grad-cam.png"), new byte[10]);
        Files.setLastModifiedTime(out.resolve("p2.grad-cam.png"), LONG_AGO);
        picture("p3.png", 33);
        picture("p0.png", 5);

        Captured call = explain("--resume");

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(anew())
                .containsExactly(
                        "p0.grad-cam.png",
                        "p0.npz",
                        "p1.grad-cam.png",
                        "p1.npz",
                        "p2.grad-cam.png",
                        "p2.npz",
                        "p3.grad-cam.png",
                        "p3.npz",
                        "vitrail.json");
        assertThat(recorded("inputs"))
                .containsExactly("p0.png", "p1.png", "p2.png", "p3.png", "p4.png");
        assertThat(call.err())
                .isEqualTo("vitrail: 1 of 5 inputs were done before and are left as they are\n");
        assertThat(call.out()).contains("p3.png").doesNotContain("p4.png");
    }

    @Test
    void aSecondResumptionDoesNothingAndSaysTheSame() throws IOException {
        explain();
        String before = Files.readString(out.resolve("vitrail.json"));
        age();

        Captured call = explain("--resume", "--json");

        assertThat(call.code()).isZero();
        assertThat(anew()).containsExactly("vitrail.json");
        assertThat(Files.readString(out.resolve("vitrail.json"))).isEqualTo(before);
        assertThat(call.out()).isEqualTo(before);
    }

    @Test
    void anotherCallMakesAllAnewAndSaysSo() throws IOException {
        explain();
        age();

        Captured call = explain("--resume", "-s", "relu=false");

        assertThat(call.code()).isZero();
        assertThat(anew()).hasSize(9);
        assertThat(call.err())
                .isEqualTo(
                        "vitrail: warning: --resume: what is in "
                                + out
                                + " was made by another call, model or version: it is made anew\n");
    }

    @Test
    void howFastItGoesIsNoOtherCall() throws IOException {
        explain();
        age();

        explain("--resume", "--batch", "3", "--io-threads", "1", "--unordered");

        assertThat(anew()).containsExactly("vitrail.json");
    }

    @Test
    void whatFailedIsTriedAgain() throws IOException {
        Files.writeString(photos.resolve("p2.png"), "no picture");
        assertThat(explain().code()).isEqualTo(6);
        assertThat(recorded("failed")).containsExactly("p2.png");

        Captured again = explain("--resume");
        picture("p2.png", 2);
        Captured mended = explain("--resume");

        assertThat(again.code()).isEqualTo(6);
        assertThat(again.err()).contains("p2.png: no picture that can be read");
        assertThat(mended.code()).isZero();
        assertThat(recorded("failed")).isEmpty();
        assertThat(recorded("inputs")).containsExactly("p1.png", "p2.png", "p3.png", "p4.png");
    }

    @Test
    void aJournalThatIsTornGoesOnBehindItsLastWholeLine() throws IOException {
        Files.createDirectory(out);
        Path one = Path.of("one.png");
        Path two = Path.of("two.png");
        Path three = Path.of("three.png");
        try (Journal journal = Journal.begun(out)) {
            journal.add(one, Map.of("call", "1"));
            journal.addFailed(two, "broken");
        }
        Files.writeString(
                out.resolve(Journal.FILE), "{\"input\":\"three.p", StandardOpenOption.APPEND);

        try (Journal journal = Journal.resumed(out)) {
            assertThat(journal.done(one)).contains("{\"input\":\"one.png\",\"call\":\"1\"}");
            assertThat(journal.done(two)).isEmpty();
            assertThat(journal.failed(two)).isPresent();
            assertThat(journal.done(three)).isEmpty();
            journal.add(three, Map.of());
            journal.add(two, Map.of());
        }

        try (Journal journal = Journal.resumed(out)) {
            assertThat(List.of(one, two, three)).allMatch(each -> journal.done(each).isPresent());
            assertThat(journal.failed(two)).isEmpty();
        }
        assertThat(Files.readString(out.resolve(Journal.FILE)).lines()).hasSize(4);
    }

    @Test
    void aJournalOfManyInputsFindsEach() throws IOException {
        Files.createDirectory(out);
        Map<Path, String> lines = new TreeMap<>();
        try (Journal journal = Journal.begun(out)) {
            for (int i = 0; i < 3000; i++) {
                Path input = Path.of("in/" + i + ".png");
                String text = "x".repeat(i % 7 * 3000); // some are longer than what is read at once
                journal.add(input, Map.of("text", text));
                lines.put(input, "{\"input\":\"" + input + "\",\"text\":\"" + text + "\"}");
            }
            lines.forEach((input, line) -> assertThat(journal.done(input)).contains(line));
        }
    }

    @Test
    void aRunThatWasKilledIsFoundInItsJournalAndItsTracesGo() throws IOException {
        explain();
        // as a kill leaves them: a journal and no record, a file half written
        try (Journal journal = Journal.resumed(out)) {
            journal.addFailed(photos.resolve("p4.png"), "for the test");
        }
        Files.delete(out.resolve("vitrail.json"));
        Path part = Files.writeString(out.resolve(".p4.npz.123-1.part"), "x");
        Path lock = Files.writeString(out.resolve(".vitrail.lock"), "123 5");
        age();

        Captured call = explain("--resume");

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(anew()).containsExactly("p4.grad-cam.png", "p4.npz", "vitrail.json");
        assertThat(List.of(part, lock, out.resolve(Journal.FILE))).noneMatch(Files::exists);
    }

    @Test
    void littleMemoryMeansOneByOneAndTheSameResults() throws IOException {
        explain("--batch", "1");
        age();

        Captured call = explain("--memory", "1m", "--batch", "4");

        assertThat(call.code()).isZero();
        assertThat(call.err())
                .startsWith("vitrail: warning: 1 MiB are little: the process holds ")
                .endsWith("; items run one by one\n");
        assertThat(record().getAsJsonArray("inputs"))
                .hasSize(4)
                .allSatisfy(
                        input ->
                                assertThat(input.getAsJsonObject().get("batch").getAsInt())
                                        .isEqualTo(1));
    }

    @Test
    void nothingToResumeIsABeginning() throws IOException {
        assertThat(explain("--resume").code()).isZero();
        assertThat(recorded("inputs")).hasSize(4);
    }

    @Test
    void whatIsNoRecordIsLeftAlone() throws IOException {
        Files.createDirectory(out);
        Files.writeString(out.resolve("vitrail.json"), "[1, 2");

        Captured call = explain("--resume");

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err())
                .startsWith("vitrail: --resume: " + out + ": what was done there cannot be read: ")
                .contains("do:  leave --resume out");
        assertThat(out.resolve("vitrail.json")).hasContent("[1, 2");
        assertThat(explain("--resume", "--save", "png").code()).isEqualTo(2);
    }
}
