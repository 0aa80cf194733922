package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.demo.Scenes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder that holds everything that a folder of pictures should not. */
@EnabledOnOs(OS.LINUX)
class HostilePicturesTest {
    /** The longest path that Linux takes, with the byte that ends it. */
    private static final int PATH_MAX = 4096;

    @TempDir private Path folder;
    private Path deep = Path.of("none of the tests made it");

    /** Who opens a pipe that nobody writes to, or reads a device without an end, waits for ever. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void allThatIsSoundIsDoneAndTheRestListedWithItsReason() throws Exception {
        Path photos = Files.createDirectories(folder.resolve("photos"));
        Map<String, String> broken = broken(photos);
        broken.putAll(noFiles(photos));
        broken.put(tooDeep(photos), "cannot be read: file name too long");
        int sound = sound(photos);
        Path out = folder.resolve("out");

        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        photos.toString(),
                        "-o",
                        out.toString(),
                        "--batch",
                        "4");

        assertThat(call.code()).as(call.err()).isEqualTo(6);
        assertThat(call.err()).doesNotContain("\tat ").doesNotContain("Exception");
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        assertThat(record.getAsJsonArray("inputs")).hasSize(sound);
        for (JsonElement input : record.getAsJsonArray("inputs")) {
            Path arrays = Path.of(input.getAsJsonObject().get("arrays").getAsString());
            assertThat(arrays).isNotEmptyFile();
            assertThat(out.relativize(arrays).toString()).matches("[A-Za-z0-9._/-]+");
        }
        Map<String, String> failed = new LinkedHashMap<>();
        for (JsonElement one : record.getAsJsonArray("failed")) {
            JsonObject entry = one.getAsJsonObject();
            failed.put(
                    photos.relativize(Path.of(entry.get("input").getAsString())).toString(),
                    entry.get("error").getAsString());
        }
        assertThat(failed.keySet()).containsExactlyInAnyOrderElementsOf(broken.keySet());
        broken.forEach((name, reason) -> assertThat(failed.get(name)).as(name).contains(reason));
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsNoFileKeepsNoOtherCommandWaiting() throws Exception {
        Map<String, String> broken = noFiles(folder);

        Captured call = Captured.run("predict", DemoModel.model(), folder.toString());

        assertThat(call.code()).isEqualTo(4);
        broken.keySet().forEach(name -> assertThat(call.err()).contains("/" + name + ": "));
    }

    @AfterEach
    void takeAwayWhatJUnitCannotDelete() throws IOException {
        if (Files.exists(deep)) {
            Files.move(deep.resolve("lower"), folder.resolve("lower"));
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link); // or it warns of each that leads out of the folder
            }
        }
    }

    private static int sound(Path photos) throws Exception {
        byte[] png = png(1);
        String[] names = {
            "plain.png",
            "two words.png",
            "line\nbreak.png",
            "quo'te\"s.png",
            "-o.png",
            "[a]{b}*.png",
            "UPPER.PNG"
        };
        for (String name : names) {
            Files.write(photos.resolve(name), png);
        }
        // a JPEG by another name is told by its content
        ImageIO.write(Scenes.scene(2).image(), "jpg", photos.resolve("renamed.png").toFile());
        Files.createSymbolicLink(photos.resolve("linked.png"), Path.of("plain.png"));
        Path below = Files.createDirectories(photos.resolve("deep/er and deeper"));
        Files.write(below.resolve("plain.png"), png);
        // bytes that are letters in UTF-8, whatever the locale of this process knows
        Process shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "cp plain.png \"$(printf '\\346\\227\\245\\346\\234\\254.png')\""
                                        + " && cp plain.png \"$(printf '\\317\\211\\303\\251.png')\""
                                        + " && cp plain.png \"$(printf '\\377\\376.png')\"")
                        .directory(photos.toFile())
                        .inheritIO()
                        .start();
        assertThat(shell.waitFor()).isZero();
        return names.length + 6;
    }

    /** Return what is broken, and a word of why. */
    private static Map<String, String> broken(Path photos) throws IOException {
        Map<String, String> broken = new LinkedHashMap<>();
        Files.writeString(photos.resolve("text.png"), "I am no picture");
        broken.put("text.png", "no picture that can be read");
        Files.createFile(photos.resolve("empty.jpg"));
        broken.put("empty.jpg", "an empty file");
        byte[] whole = png(3);
        Files.write(photos.resolve("cut.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
        broken.put("cut.png", "a PNG cut off");
        Files.write(photos.resolve("huge.png"), header(60_000, 60_000));
        broken.put("huge.png", "60000x60000");
        Files.write(photos.resolve("nothing.png"), header(0, 0));
        broken.put("nothing.png", "nothing.png: a ");
        Npy.write(photos.resolve("number.npy"), NpyArray.of(Values.of(new float[1], Axes.NONE)));
        broken.put("number.npy", "a single number has no axis for the batch");
        Files.write(photos.resolve("array.npy"), whole);
        broken.put("array.npy", "array.npy");
        Files.createSymbolicLink(photos.resolve("self.png"), Path.of("self.png"));
        broken.put("self.png", "a link that leads to no file");
        Files.createSymbolicLink(photos.resolve("gone.png"), Path.of("nowhere.png"));
        broken.put("gone.png", "a link that leads to no file");
        Path circle = Files.createDirectories(photos.resolve("circle"));
        Files.createSymbolicLink(circle.resolve("round"), Path.of(".."));
        broken.put("circle/round", "a link to a folder that it lies in");
        Path secret = Files.write(photos.resolve("secret.png"), whole);
        if (secret.toFile().setReadable(false) && !Files.isReadable(secret)) { // not for root
            broken.put("secret.png", "cannot be read");
            Path closed = Files.createDirectories(photos.resolve("closed"));
            assertThat(closed.toFile().setReadable(false)).isTrue();
            broken.put("closed", "a folder that cannot be listed");
        } else {
            Files.delete(secret);
        }
        return broken;
    }

    /**
     * Return what is there, but no file, and why; and a file that nobody can read, not even root.
     */
    private static Map<String, String> noFiles(Path photos) throws Exception {
        Map<String, String> broken = new LinkedHashMap<>();
        for (String pipe : List.of("pipe.png", "pipe.npy", "pipe.npz", "pipe.csv")) {
            int made =
                    new ProcessBuilder("mkfifo", photos.resolve(pipe).toString())
                            .inheritIO()
                            .start()
                            .waitFor();
            assertThat(made).isZero();
            broken.put(pipe, "not a file");
        }
        for (String endless : List.of("endless.png", "endless.npy", "endless.npz", "endless.csv")) {
            Files.createSymbolicLink(photos.resolve(endless), Path.of("/dev/zero"));
            broken.put(endless, "not a file");
        }
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(photos.resolve("socket.png")));
        }
        broken.put("socket.png", "not a file");
        for (String memory : List.of("memory.png", "memory.npy")) { // its first page is nobody's
            Files.createSymbolicLink(photos.resolve(memory), Path.of("/proc/self/mem"));
            broken.put(memory, "cannot be read");
        }
        return broken;
    }

    /** Return the name of a folder whose path is longer than the system takes. */
    private String tooDeep(Path photos) throws IOException {
        Path half = Path.of("", Collections.nCopies(12, "x".repeat(200)).toArray(String[]::new));
        deep = Files.createDirectories(photos.resolve("upper").resolve(half));
        Path lower = folder.resolve("lower");
        Files.createDirectories(lower.resolve(half));
        Files.move(lower, deep.resolve("lower"));
        Path at = photos.relativize(deep.resolve("lower"));
        while (photos.resolve(at).toString().length() < PATH_MAX) {
            at = at.resolve("x".repeat(200));
        }
        return at.toString();
    }

    private static byte[] png(long seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(Scenes.scene(seed).image(), "png", bytes);
        return bytes.toByteArray();
    }

    /** A PNG that claims a size and has nothing of it. */
    private static byte[] header(int width, int height) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(head);
        data.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(head.toByteArray());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.writeInt(13);
        out.write(head.toByteArray());
        out.writeInt((int) crc.getValue());
        out.writeInt(0);
        out.write("IEND".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(0xae426082);
        return file.toByteArray();
    }
}
