package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Check what every format of model files owes its callers: files are hostile, and what comes out of
 * a sound one is always the same.
 *
 * <p>Extend it with the format, a small sound file and inputs for it; an engine on the test's path
 * gives the arrays. Damaged copies of the file are made here.
 */
public abstract class FormatContract {
    private static final Duration SOON = Duration.ofSeconds(10); // two on an idle machine
    private static final int STEP = 16; // bytes between two cuts

    @TempDir Path folder;

    /** Create the contract; for subclasses. */
    protected FormatContract() {}

    /** Return the format to check. */
    protected abstract ModelFormat format();

    /**
     * Write a sound model into a folder and return its file; a few kilobytes, for it is cut at
     * every {@value #STEP}th byte.
     */
    protected abstract Path write(Path folder) throws IOException;

    /** Return inputs that the model takes, on the manager. */
    protected abstract NDList inputs(NDManager manager);

    /** Return an engine that runs the graphs; by default the first on the test's path. */
    protected Engine engine() {
        return TestModels.engine();
    }

    private NDManager newManager() {
        // arrays come from a model, whichever: its engine is the one that runs the graphs
        try (var any = engine().load(TinyNetworks.m2(), Engine.Settings.defaults())) {
            return any.newManager();
        }
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private String suffix() {
        return format().suffixes().get(0);
    }

    private void assertRefused(Path file, String what) {
        assertTimeoutPreemptively(
                SOON,
                () ->
                        assertThatThrownBy(() -> format().open(file).close())
                                .as("%s", what)
                                .isInstanceOfSatisfying(
                                        VitrailException.class,
                                        e ->
                                                assertThat(e.kind())
                                                        .as("%s: %s", what, e.getMessage())
                                                        .isEqualTo(VitrailException.Kind.MODEL))
                                .hasMessageContaining(file.getFileName().toString()),
                () -> what + " is not refused within " + SOON);
    }

    @Test
    void describesItself() {
        assertThat(format().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(format().sentence()).matches("(?s)[A-Z].*\\.");
        assertThat(format().suffixes()).isNotEmpty().allMatch(s -> s.matches("[.-][a-z0-9.-]+"));
    }

    @Test
    void isProvidedAsAService() {
        Provision.assertProvided(ModelFormat.class, format());
    }

    @Test
    void isListedForTheClassPathToo() throws IOException {
        Provision.assertListed(ModelFormat.class, format());
    }

    @Test
    void claimsItsOwnFilesAndNoOthers() throws IOException {
        assertThat(format().claims(write(folder))).isTrue();
        for (String name : List.of("picture.png", "notes.txt", "no-suffix")) {
            assertThat(format().claims(file(name, "some text".getBytes()))).as(name).isFalse();
        }
    }

    @Test
    void claimsNothingByReadingItWhole() throws IOException {
        Path hollow = folder.resolve("hollow" + suffix());
        try (var channel =
                java.nio.channels.FileChannel.open(
                        hollow,
                        java.nio.file.StandardOpenOption.CREATE_NEW,
                        java.nio.file.StandardOpenOption.WRITE,
                        java.nio.file.StandardOpenOption.SPARSE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), 8L << 30); // 8 GiB, no content
        }
        assertTimeoutPreemptively(SOON, () -> format().claims(hollow));
        assertRefused(hollow, "8 GiB of zeros");
    }

    @Test
    void aMissingFileIsRefused() {
        Path absent = folder.resolve("absent" + suffix());
        assertTimeoutPreemptively(SOON, () -> format().claims(absent));
        assertRefused(absent, "a missing file");
    }

    @Test
    void aFolderIsRefused() throws IOException {
        assertRefused(Files.createDirectory(folder.resolve("folder" + suffix())), "a folder");
    }

    @Test
    void emptyTextAndRandomFilesAreRefused() throws IOException {
        assertRefused(file("empty" + suffix(), new byte[0]), "an empty file");
        assertRefused(file("text" + suffix(), "no model at all\n".getBytes()), "a text");
        byte[] random = new byte[4096];
        for (int seed = 0; seed < 20; seed++) {
            new Random(seed).nextBytes(random);
            assertRefused(file("random" + suffix(), random), "random bytes, seed " + seed);
        }
    }

    @Test
    void aFileThatIsCutIsRefusedWhereverItIsCut() throws IOException {
        Path sound = write(folder);
        byte[] whole = Files.readAllBytes(sound);
        for (int length = 0; length < whole.length; length += STEP) {
            assertRefused(
                    file("cut" + suffix(), Arrays.copyOf(whole, length)),
                    "a file cut at byte " + length + " of " + whole.length);
        }
    }

    @Test
    void aFileWithFlippedBitsIsReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(folder));
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Path file = file("flipped" + suffix(), damaged);
            String what = "flipped bit, seed " + seed;
            assertTimeoutPreemptively(
                    SOON,
                    () -> {
                        try {
                            format().open(file).close();
                        } catch (VitrailException e) {
                            assertThat(e.kind()).as(what).isEqualTo(VitrailException.Kind.MODEL);
                            assertThat(e).as(what).hasMessageContaining("flipped" + suffix());
                        }
                    },
                    what);
        }
    }

    @Test
    void readingLeavesTheFileAsItIs() throws IOException {
        Path file = write(folder);
        byte[] before = Files.readAllBytes(file);
        try (GraphSource source = format().open(file);
                NDManager manager = newManager()) {
            source.graph(inputs(manager));
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void saysWhatItReadAndWhatItIsFed() throws IOException {
        Path file = write(folder);
        try (GraphSource source = format().open(file);
                NDManager manager = newManager()) {
            NDList inputs = inputs(manager);
            assertThat(source.format()).isEqualTo(format().id());
            assertThat(source.name()).isEqualTo(file.getFileName().toString());
            List<Graph.Port> ports = source.inputs();
            assertThat(ports).hasSameSizeAs(inputs);
            assertThat(ports)
                    .extracting(Graph.Port::name)
                    .doesNotHaveDuplicates()
                    .doesNotContain("");
            for (int i = 0; i < ports.size(); i++) {
                long[] declared = ports.get(i).type().shape().getShape();
                long[] fed = inputs.get(i).getShape().getShape();
                if (declared.length == 0) {
                    continue; // the file does not say
                }
                assertThat(declared).hasSameSizeAs(fed);
                for (int axis = 0; axis < fed.length; axis++) {
                    assertThat(declared[axis]).as("axis %d", axis).isIn(-1L, fed[axis]);
                }
            }
        }
    }

    @Test
    void theSameInputsGiveTheSameGraph() throws IOException {
        Path file = write(folder);
        try (GraphSource source = format().open(file);
                GraphSource again = format().open(file);
                NDManager manager = newManager()) {
            Graph first = source.graph(inputs(manager));
            assertEqual(source.graph(inputs(manager)), first);
            assertEqual(again.graph(inputs(manager)), first);
            assertThat(first.outputs()).isNotEmpty();
            assertThat(first.inputs()).hasSameSizeAs(inputs(manager));
        }
    }

    @Test
    void twoThreadsReadTheSame() throws Exception {
        Path file = write(folder);
        try (GraphSource source = format().open(file);
                NDManager manager = newManager()) {
            Graph expected = source.graph(inputs(manager));
            Callable<Graph> graph =
                    () -> {
                        try (NDManager own = newManager();
                                GraphSource another = format().open(file)) {
                            assertEqual(another.graph(inputs(own)), expected);
                            return source.graph(inputs(own));
                        }
                    };
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                for (Future<Graph> each : threads.invokeAll(List.of(graph, graph, graph, graph))) {
                    assertEqual(each.get(), expected);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** All but the parameters' identity, which belongs to the source. */
    private static void assertEqual(Graph actual, Graph expected) {
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs()).isEqualTo(expected.outputs());
        assertThat(actual.names()).isEqualTo(expected.names());
        assertThat(actual.readsValues()).isEqualTo(expected.readsValues());
        assertThat(actual.nodes()).hasSameSizeAs(expected.nodes());
        for (int i = 0; i < actual.nodes().size(); i++) {
            Node one = actual.nodes().get(i);
            Node other = expected.nodes().get(i);
            assertThat(one.name()).isEqualTo(other.name());
            assertThat(one.operator()).as(one.name()).isEqualTo(other.operator());
            assertThat(one.inputs()).as(one.name()).isEqualTo(other.inputs());
            assertThat(one.outputs()).as(one.name()).isEqualTo(other.outputs());
            assertThat(one.parameters().keySet())
                    .as(one.name())
                    .isEqualTo(other.parameters().keySet());
            one.parameters()
                    .forEach(
                            (key, parameter) -> {
                                assertThat(parameter.toString())
                                        .isEqualTo(other.parameters().get(key).toString());
                                assertThat(parameter.bytes())
                                        .as("%s.%s", one.name(), key)
                                        .isEqualTo(other.parameters().get(key).bytes());
                            });
        }
    }

    @Test
    void everyNodeHasANameAndReadsWhatIsThere() throws IOException {
        try (GraphSource source = format().open(write(folder));
                NDManager manager = newManager()) {
            Graph graph = source.graph(inputs(manager));
            assertThat(graph.nodes()).extracting(Node::name).doesNotContain("");
            for (Value value : graph.names().values()) {
                assertThat(graph.type(value)).isNotNull();
            }
        }
    }

    @Test
    void theGraphRunsOnAnEngine() throws IOException {
        GraphSource source = format().open(write(folder));
        try (var model = engine().load(source, Engine.Settings.defaults());
                NDManager manager = model.newManager();
                var pass = model.run(io.vitrail.api.Probe.outputsOnly(), inputs(manager))) {
            assertThat(pass.outputs()).isNotEmpty();
        }
    }

    @Test
    void closesTwice() throws IOException {
        Path file = write(folder);
        GraphSource source = format().open(file);
        source.close();
        source.close();
        Files.delete(file);
        assertThat(file).doesNotExist();
    }
}
