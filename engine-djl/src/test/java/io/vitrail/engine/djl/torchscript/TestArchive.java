package io.vitrail.engine.djl.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Write small TorchScript archives by hand: one class without weights, whose forward is given as
 * text.
 */
final class TestArchive {
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestArchive(String code) {
        with("data.pkl", module());
        with("constants.pkl", NO_CONSTANTS);
        with("version", bytes("3\n"));
        with("code/__torch__.py", bytes(code));
    }

    /** A module whose forward has the given body, one statement a line. */
    static TestArchive forward(String body) {
        StringBuilder code =
                new StringBuilder(
                        """
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          training : bool
                          def forward(self: __torch__.Net,
                            x: Tensor) -> Tensor:
                        """);
        body.lines().forEach(line -> code.append("    ").append(line).append('\n'));
        return new TestArchive(code.toString());
    }

    TestArchive with(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An object of class {@code __torch__.Net} with {@code training = True}. */
    private static byte[] module() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes(bytes("c__torch__\nNet\n)"));
        pickle.write(0x81);
        pickle.writeBytes(bytes("}X"));
        pickle.writeBytes(new byte[] {8, 0, 0, 0});
        pickle.writeBytes(bytes("training"));
        pickle.write(0x88);
        pickle.writeBytes(bytes("sb."));
        return pickle.toByteArray();
    }

    byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry("net/" + entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    Path write(Path folder) {
        try {
            return Files.write(folder.resolve("net.pt"), zip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
