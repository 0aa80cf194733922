package io.vitrail.cli;

import io.vitrail.demo.Demo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The embedded network, its sidecar and its picture as files, once for all tests. */
final class DemoModel {
    private static final DemoFiles FILES = write();

    private DemoModel() {}

    static String model() {
        return FILES.model().toString();
    }

    static Path picture() {
        return FILES.picture();
    }

    private static DemoFiles write() {
        try {
            return DemoFiles.write(
                    Files.createTempDirectory(Path.of("target"), "demo-model"), Demo.scene());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
