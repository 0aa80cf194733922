package io.vitrail.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command line in a process of its own: for signals, and for streams that fail. */
final class OwnProcess {
    private OwnProcess() {}

    /** Prepare a call with the classes of this test's process. */
    static ProcessBuilder of(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", classPath(), "-Djava.awt.headless=true"));
        command.add("-Dai.djl.pytorch.num_threads=1");
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of("jdk.module.path", "java.class.path")
                        .map(key -> System.getProperty(key, ""))
                        .filter(path -> !path.isEmpty())
                        .toList());
    }

    /** Send what Ctrl-C sends. */
    static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    }
}
