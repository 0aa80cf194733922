package io.vitrail.cli;

import com.google.gson.JsonObject;
import io.vitrail.render.UnwrittenException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Tell whether a file of results is still as it was written. */
final class WrittenFile {
    private WrittenFile() {}

    /**
     * Return what the record keeps of a file.
     *
     * @param folder that of all results
     */
    static Map<String, Object> facts(Path folder, Path file) {
        try {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("file", folder.relativize(file).toString());
            facts.put("bytes", Files.size(file));
            facts.put("crc32", checksum(file));
            return facts;
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }

    /** Return whether a file is there and has the content that was written. */
    static boolean isWhole(Path folder, JsonObject facts) {
        Path file = folder.resolve(facts.get("file").getAsString());
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) == facts.get("bytes").getAsLong()
                    && checksum(file).equals(facts.get("crc32").getAsString());
        } catch (IOException e) {
            return false;
        }
    }

    private static String checksum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
        }
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
