package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled folder, moved to a place with a space in its name and called through a link. */
class DistributionIT {
    private static final Path BUILT = Path.of(System.getProperty("vitrail.distribution"));

    @TempDir private Path folder;

    private Path vitrail = Path.of("");

    /** What a call printed and how it ended. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void move() throws IOException {
        Path moved = folder.resolve("a moved folder");
        try (Stream<Path> files = Files.walk(BUILT)) {
            for (Path file : files.toList()) {
                Path to = moved.resolve(BUILT.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        assertThat(moved.resolve("bin/vitrail").toFile().setExecutable(true)).isTrue();
        vitrail = Files.createSymbolicLink(folder.resolve("link"), moved.resolve("bin/vitrail"));
    }

    @Test
    void theDemoRunsAndItsFilesCanBeExplained() throws Exception {
        Ended demo = run(Map.of(), "demo", "-o", "the demo");
        Ended explained =
                run(
                        Map.of(),
                        "explain",
                        "the demo/shapes.pt",
                        "the demo/scene.png",
                        "-m",
                        "guided-backprop",
                        "-o",
                        "heat");

        assertThat(demo.err).isEmpty();
        assertThat(demo.code).isZero();
        assertThat(demo.out).contains("sheet: the demo/demo.png (", "grad-cam");
        assertThat(folder.resolve("the demo/demo.png")).isNotEmptyFile();
        assertThat(explained.err).isEmpty();
        assertThat(explained.code).isZero();
        assertThat(folder.resolve("heat/scene.guided-backprop.png")).isNotEmptyFile();
        assertThat(folder.resolve("heat/vitrail.json")).content().contains("\"rules\"");
    }

    @Test
    void textsNeedNoEngine() throws Exception {
        Map<String, String> log = Map.of("VITRAIL_JAVA_OPTS", "-Xlog:class+load:stdout");

        Ended help = run(log, "explain", "--help");
        Ended methods = run(log, "methods");
        Ended wrong = run(log, "explain", "m.pt", "dog.jpg", "-s", "relu");

        assertThat(help.code).isZero();
        assertThat(methods.code).isZero();
        assertThat(wrong.code).isEqualTo(2);
        assertThat(help.out + methods.out + wrong.out)
                .contains("io.vitrail.cli.Main ")
                .doesNotContain("ai.djl.engine.Engine ", "ai.djl.pytorch.jni");
    }

    @Test
    void theFirstExplanationLeavesAnArchiveAndTheNextOneStartsFromIt() throws Exception {
        String log = "-Xlog:class+load:file=" + folder.resolve("loaded.txt");
        run(Map.of(), "demo", "-o", "demo");
        String[] call = {"explain", "demo/shapes.pt", "demo/scene.png", "--json"};
        Path cache = folder.resolve("archives");
        Map<String, String> kept = Map.of("VITRAIL_CACHE", cache.toString());

        Ended first = run(kept, call);
        List<Path> archives = files(cache);
        Ended second =
                run(Map.of("VITRAIL_CACHE", cache.toString(), "VITRAIL_JAVA_OPTS", log), call);
        Ended methods = run(kept, "methods");

        // Java says of a dump that it made one, and of an archive that it is stale, on standard
        // output
        for (Ended ended : List.of(first, second)) {
            assertThat(JsonParser.parseString(ended.out).isJsonObject()).isTrue();
            assertThat(ended.err).isEmpty();
            assertThat(ended.code).isZero();
        }
        assertThat(archives).hasSize(1);
        assertThat(archives.get(0).toString()).endsWith(".jsa");
        assertThat(folder.resolve("loaded.txt"))
                .content()
                .containsPattern(
                        "io\\.vitrail\\.runtime\\.Vitrail source: shared objects file \\(top\\)");
        assertThat(methods.code).isZero();
        assertThat(files(cache)).isEqualTo(archives);
    }

    @Test
    void anArchiveThatCannotBeWrittenOrIsOfOtherJarsIsNoMatter() throws Exception {
        run(Map.of(), "demo", "-o", "demo");
        String[] call = {"explain", "demo/shapes.pt", "demo/scene.png", "--json"};
        Path cache = folder.resolve("archives");
        run(Map.of("VITRAIL_CACHE", cache.toString()), call);
        Path archive = files(cache).get(0);
        Path touched = folder.resolve("a moved folder/lib/modules");
        touch(touched);
        Ended fresh = run(Map.of("VITRAIL_CACHE", cache.toString()), call);
        List<Path> both = files(cache);
        Path newer = both.get(both.indexOf(archive) == 0 ? 1 : 0);
        Files.move(archive, newer, StandardCopyOption.REPLACE_EXISTING);

        Ended stale = run(Map.of("VITRAIL_CACHE", cache.toString()), call);
        Ended nowhere = run(Map.of("VITRAIL_CACHE", "/proc/nowhere"), call);

        assertThat(both).hasSize(2).contains(archive);
        for (Ended ended : List.of(fresh, stale, nowhere)) {
            assertThat(ended.err).isEmpty();
            assertThat(JsonParser.parseString(ended.out).isJsonObject()).isTrue();
            assertThat(ended.code).isZero();
        }
    }

    private static void touch(Path jars) throws IOException {
        for (Path jar : files(jars)) {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aWrongJavaHomeIsNamed() throws Exception {
        Ended call = run(Map.of("JAVA_HOME", "/nowhere"), "--version");

        assertThat(call.code).isEqualTo(70);
        assertThat(call.err)
                .startsWith("vitrail: JAVA_HOME is '/nowhere', where there is no bin/java\n");
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        Path old = folder.resolve("jdk 11");
        Files.createDirectories(old.resolve("bin"));
        assertThat(Files.createFile(old.resolve("bin/java")).toFile().setExecutable(true)).isTrue();
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");

        Ended call = run(Map.of("JAVA_HOME", old.toString()), "--version");

        assertThat(call.code).isEqualTo(70);
        assertThat(call.err)
                .startsWith(
                        "vitrail: " + old + "/bin/java is Java 11, Vitrail needs 17 or later\n");
    }

    @Test
    void theArchiveHoldsWhatTheFolderHolds() throws IOException {
        List<String> inFolder;
        try (Stream<Path> files = Files.walk(BUILT)) {
            inFolder =
                    files.filter(Files::isRegularFile)
                            .map(file -> BUILT.getFileName() + "/" + BUILT.relativize(file))
                            .toList();
        }
        try (ZipFile zip = new ZipFile(BUILT + ".zip")) {
            assertThat(zip.stream().filter(entry -> !entry.isDirectory()).map(Object::toString))
                    .containsExactlyInAnyOrderElementsOf(inFolder);
            assertThat(zip.getEntry(BUILT.getFileName() + "/plugins/")).isNotNull();
        }
        assertThat(Path.of(BUILT + ".tar.gz")).isNotEmptyFile();
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(vitrail.toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("VITRAIL_CACHE", "none"); // nothing of a test stays at home
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(out), Files.readString(err));
    }
}
