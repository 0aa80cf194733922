package io.vitrail.cli;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Labels;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The words that token numbers stand for; a number without one stands for itself. */
final class Vocabulary {
    /** No words at all. */
    static final Vocabulary EMPTY = new Vocabulary(Map.of());

    private static final long MOST_BYTES = 64L << 20;

    private final Map<Long, String> words;

    private Vocabulary(Map<Long, String> words) {
        this.words = words;
    }

    /**
     * Read a file: one word a line, the first is token 0; or a {@code .json} of words and their
     * numbers, {@code {"the": 1, ...}}.
     *
     * @throws VitrailException of kind {@code USAGE} if it cannot be read, or is neither
     */
    static Vocabulary read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw VitrailException.usage(
                    file + ": no such file, wanted for the vocabulary; check the path");
        }
        Map<Long, String> words = new HashMap<>();
        if (InputFiles.extension(file).equals("json")) {
            readJson(file, words);
        } else {
            List<String> lines = Labels.read(file);
            for (int i = 0; i < lines.size(); i++) {
                words.put((long) i, lines.get(i));
            }
        }
        return new Vocabulary(words);
    }

    /** Return what tells these words from others; empty without words. */
    String fingerprint() {
        return words.isEmpty() ? "" : Digest.sha256Of(Json.line(new TreeMap<>(words)));
    }

    private static void readJson(Path file, Map<Long, String> words) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw VitrailException.usage(
                        file + ": too large for a vocabulary; the most are 64 MB");
            }
            try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                    JsonReader json = new JsonReader(text)) {
                json.setStrictness(com.google.gson.Strictness.STRICT);
                json.beginObject();
                while (json.hasNext()) {
                    String word = json.nextName();
                    words.put(json.nextLong(), word);
                }
                json.endObject();
                if (json.peek() != JsonToken.END_DOCUMENT) {
                    throw new JsonParseException("text behind the end");
                }
            }
        } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
            throw notWords(file, e);
        } catch (java.nio.charset.CharacterCodingException
                | com.google.gson.stream.MalformedJsonException e) {
            throw notWords(file, e);
        } catch (IOException e) {
            throw VitrailException.usage(
                    file + ": cannot be read as a vocabulary: " + FileProblem.said(e));
        }
    }

    private static VitrailException notWords(Path file, Exception e) {
        return new VitrailException(
                VitrailException.Kind.USAGE,
                file
                        + ": no vocabulary: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("no text")
                        + "\n  do:  write words and their numbers, {\"the\": 1, \"film\": 2}, or one"
                        + " word a line in a .txt",
                e);
    }

    /** Return the word of a token. */
    String word(long token) {
        return words.getOrDefault(token, Long.toString(token));
    }
}
