package io.vitrail.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Write a TorchScript archive by hand: a class without weights, the body of whose forward is given.
 */
final class WrittenModel {
    private WrittenModel() {}

    static String write(Path file, String body) throws IOException {
        String code =
                """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                """
                        + body.indent(4);
        // an object of class __torch__.Net with training = True
        String module = "\u0080\u0002c__torch__\nNet\n)\u0081}X\u0008\0\0\0training\u0088sb.";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "data.pkl", module);
            add(zip, "code/__torch__.py", code);
            add(zip, "constants.pkl", "\u0080\u0002).");
            add(zip, "version", "3\n");
        }
        return Files.write(file, bytes.toByteArray()).toString();
    }

    /** Stored, as torch stores; each letter is a byte. */
    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("net/" + name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // the same bytes each time
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
