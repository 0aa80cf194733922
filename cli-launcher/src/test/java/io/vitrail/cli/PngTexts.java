package io.vitrail.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Read the text chunks of a PNG file by its specification, apart from what wrote them. */
final class PngTexts {
    private PngTexts() {}

    static Map<String, String> of(Path file) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
        png.position(8); // the signature
        while (png.hasRemaining()) {
            byte[] data = new byte[png.getInt()];
            byte[] type = new byte[4];
            png.get(type).get(data).getInt(); // then the checksum
            if (new String(type, StandardCharsets.US_ASCII).equals("tEXt")) {
                String[] words = new String(data, StandardCharsets.ISO_8859_1).split("\0", 2);
                texts.put(words[0], words[1]);
            }
        }
        return texts;
    }
}
