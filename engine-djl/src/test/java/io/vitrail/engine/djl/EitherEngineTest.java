package io.vitrail.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each engine alone in a process: what the other one brings is not on its path. */
class EitherEngineTest {
    /** What both print of M2: its outputs, and the gradient of the first. */
    private static final String EXPLAINED = "[392.0, 394.0][4.0, 4.0, 4.0]";

    @Test
    void pyTorchRunsWithoutMxNet() throws Exception {
        assertThat(withoutJarsOf("mxnet"))
                .containsExactly(
                        "pytorch: runs", EXPLAINED, "mxnet: not installed: add vitrail-mxnet");
    }

    @Test
    void mxNetRunsWithoutPyTorch() throws Exception {
        assertThat(withoutJarsOf("pytorch"))
                .containsExactly(
                        "pytorch: not installed: add vitrail-pytorch", "mxnet: runs", EXPLAINED);
    }

    private static List<String> withoutJarsOf(String engine)
            throws IOException, InterruptedException {
        String path =
                Stream.concat(
                                Stream.of("target/test-classes"),
                                Stream.of("jdk.module.path", "java.class.path")
                                        .map(System::getProperty)
                                        .filter(java.util.Objects::nonNull)
                                        .flatMap(all -> Stream.of(all.split(File.pathSeparator))))
                        .filter(
                                entry ->
                                        !Path.of(entry).getFileName().toString().startsWith(engine))
                        .collect(Collectors.joining(File.pathSeparator));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                path,
                                AloneProgram.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
