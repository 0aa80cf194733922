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
import java.util.HashMap;
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

    private static final String[] EXPLAIN = {
        "explain", "demo/shapes.pt", "demo/scene.png", "--json"
    };

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
    void aCallThatFailsBesideItsEngineEndsWithItsOwnCode() throws Exception {
        run(Map.of(), "demo", "-o", "demo");

        Ended layer = run(Map.of(), "explain", "demo/shapes.pt", "demo/scene.png", "-l", "absent");
        Ended option = run(Map.of(), "explain", "demo/shapes.pt", "demo/scene.png", "--absent");

        assertThat(layer.err).contains("no layer 'absent'");
        assertThat(layer.code).isEqualTo(2);
        assertThat(option.err).contains("--absent");
        assertThat(option.code).isEqualTo(2);
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
    void aJarInPluginsIsThere() throws Exception {
        HostileFolder.good("good").in(folder.resolve("a moved folder/plugins"));

        Ended methods = run(Map.of(), "methods");
        Ended plugins = run(Map.of(), "plugins");

        assertThat(methods.code).as(methods.err).isZero();
        assertThat(methods.out).containsPattern("\ngood +good 1\\.0 ");
        assertThat(plugins.out).contains("a moved folder/plugins/good.jar");
    }

    @Test
    void aFolderThatTheShellNamesAndIsGoneIsSaidAndHarmsNobody() throws Exception {
        Map<String, String> shell = Map.of("VITRAIL_PLUGINS", "/nowhere/plugins");

        Ended methods = run(shell, "methods");
        Ended plugins = run(shell, "plugins");

        assertThat(methods.code).as(methods.err).isZero();
        assertThat(plugins.code).isZero();
        assertThat(plugins.err)
                .contains("warning: VITRAIL_PLUGINS names /nowhere/plugins, which is no folder");
    }

    @Test
    void theFirstExplanationHasAnArchiveWrittenAndTheNextOneStartsFromIt() throws Exception {
        demoInAPlainFolder();
        Path cache = folder.resolve("archives");
        Path loaded = folder.resolve("loaded.txt");
        String log = "-Xlog:class+load:file=" + loaded;

        Ended first = run(Map.of("VITRAIL_CACHE", cache.toString()), EXPLAIN);
        Path archive = written(cache);
        Ended second =
                run(Map.of("VITRAIL_CACHE", cache.toString(), "VITRAIL_JAVA_OPTS", log), EXPLAIN);

        assertWhole(first);
        assertWhole(second);
        assertThat(loaded)
                .content()
                .containsPattern("io\\.vitrail\\.runtime\\.Vitrail source: shared objects file")
                .containsPattern("picocli\\.CommandLine source: shared objects file");
        assertThat(files(cache)).containsExactly(archive);
    }

    @Test
    void anArchiveOfOtherJarsIsNoMatter() throws Exception {
        demoInAPlainFolder();
        Path cache = folder.resolve("archives");
        Map<String, String> kept = Map.of("VITRAIL_CACHE", cache.toString());
        assertWhole(run(kept, EXPLAIN));
        Path archive = written(cache);
        for (Path jar : files(folder.resolve("plain/lib/modules"))) {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
        }
        assertWhole(run(kept, EXPLAIN));
        Files.move(archive, folder.resolve("stale"));
        Path fresh = written(cache);
        Files.move(folder.resolve("stale"), fresh, StandardCopyOption.REPLACE_EXISTING);

        assertWhole(run(kept, EXPLAIN)); // Java would complain on standard output
    }

    @Test
    void anArchiveThatCannotBeWrittenIsNoMatter() throws Exception {
        run(Map.of(), "demo", "-o", "demo");
        Path cache = folder.resolve("archives");

        // Java cannot archive jars below a folder with a space in its name
        assertWhole(run(Map.of("VITRAIL_CACHE", cache.toString()), EXPLAIN));
        assertWhole(run(Map.of("VITRAIL_CACHE", "/proc/nowhere"), EXPLAIN));

        assertThat(cache).doesNotExist();
    }

    private void demoInAPlainFolder() throws Exception {
        Path plain = folder.resolve("plain");
        Files.move(folder.resolve("a moved folder"), plain);
        vitrail = plain.resolve("bin/vitrail");
        run(Map.of(), "demo", "-o", "demo");
    }

    private static void assertWhole(Ended ended) {
        assertThat(ended.err).isEmpty();
        assertThat(JsonParser.parseString(ended.out).isJsonObject()).isTrue();
        assertThat(ended.code).isZero();
    }

    /** Wait for the process that nobody waits for. */
    private static Path written(Path cache) throws Exception {
        for (int tenths = 0; tenths < 3000; tenths++) {
            List<Path> files = files(cache);
            if (files.size() == 1 && files.get(0).toString().endsWith(".jsa")) {
                return files.get(0);
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no archive alone in " + files(cache));
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
    void onFewCoresTheNetworksThreadsSpinLessWhileManyPicturesAreReadAndWritten() throws Exception {
        Path java = folder.resolve("jdk/bin/java");
        script(java, "printf %s \"$GOMP_SPINCOUNT\"");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        script(folder.resolve("tools/getconf"), "echo \"$CORES\"");
        Map<String, String> few = new HashMap<>();
        few.put("JAVA_HOME", folder.resolve("jdk").toString());
        few.put("PATH", folder.resolve("tools") + ":" + System.getenv("PATH"));
        few.put("CORES", "2");
        few.put("OMP_WAIT_POLICY", "");
        few.put("GOMP_SPINCOUNT", "");
        Map<String, String> many = new HashMap<>(few);
        many.put("CORES", "64");
        Map<String, String> chosen = new HashMap<>(few);
        chosen.put("GOMP_SPINCOUNT", "7");
        Map<String, String> active = new HashMap<>(few);
        active.put("OMP_WAIT_POLICY", "active");

        assertThat(run(few, "explain", "m.pt", "tools").out).isEqualTo("3000");
        assertThat(run(few, "explain", "m.pt", "a.png", "b.png").out).isEqualTo("3000");
        assertThat(run(few, "explain", "m.pt", "a.png").out).isEmpty();
        assertThat(run(few, "bench", "m.pt", "tools").out).isEmpty();
        assertThat(run(many, "explain", "m.pt", "tools").out).isEmpty();
        assertThat(run(chosen, "explain", "m.pt", "tools").out).isEqualTo("7");
        assertThat(run(active, "explain", "m.pt", "tools").out).isEmpty();
    }

    @Test
    void manyPicturesOneAndBenchRunWithOptionsOfTheirOwn() throws Exception {
        Path java = folder.resolve("jdk/bin/java");
        script(java, "echo \"$*\"");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Map<String, String> fake = Map.of("JAVA_HOME", folder.resolve("jdk").toString());

        String many = run(fake, "explain", "m.pt", "jdk").out;
        String one = run(fake, "explain", "m.pt", "a.png").out;
        String bench = run(fake, "bench", "m.pt", "jdk").out;

        assertThat(many).contains("/lib/pictures.options ").doesNotContain("quick.options");
        assertThat(one).contains("/lib/quick.options ").doesNotContain("pictures.options");
        assertThat(bench).contains("-Xshare:auto").doesNotContain(".options");
    }

    private static void script(Path file, String line) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
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
