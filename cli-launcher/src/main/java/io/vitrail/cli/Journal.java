package io.vitrail.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.render.UnwrittenException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run has done until now, a line of JSON for each input, in its folder of results.
 *
 * <p>A line is written at once and whole behind the others, so that a process that is killed loses
 * no more than its last one. Of what the lines say, only where they stand is held.
 */
final class Journal implements AutoCloseable {
    /** The name of the file; a folder that has one holds results. */
    static final String FILE = ".vitrail.journal";

    private static final int LONGEST = 64 << 20;

    private final Path file;
    private final LineIndex lines = new LineIndex(); // place x 2, + 1 of an input that failed
    private @Nullable FileChannel channel;
    private long end;

    private Journal(Path file) {
        this.file = file;
    }

    /** Begin anew; an older journal is overwritten with the first line. */
    static Journal begun(Path folder) {
        return new Journal(folder.resolve(FILE));
    }

    /**
     * Go on where an earlier run ended, however it ended; begin if there was none.
     *
     * <p>A run that was killed left its journal, any other its record.
     *
     * @throws VitrailException of kind {@code USAGE} if what is there is no record
     */
    static Journal resumed(Path folder) {
        Journal journal = new Journal(folder.resolve(FILE));
        try {
            if (Files.exists(journal.file)) {
                journal.read();
            } else if (Files.exists(folder.resolve(RunRecord.FILE))) {
                journal.copy(folder.resolve(RunRecord.FILE));
            }
        } catch (IOException e) {
            journal.close();
            throw VitrailException.usage(
                    "--resume: "
                            + folder
                            + ": what was done there cannot be read: "
                            + FileProblem.said(e)
                            + "\n  do:  leave --resume out, or name another folder");
        }
        return journal;
    }

    /** Find the lines; what follows the last whole one was torn when the process ended. */
    private void read() throws IOException {
        FileChannel open =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = open;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && line.size() < LONGEST; c = in.read()) {
                if (c != '\n') {
                    line.write(c);
                    continue;
                }
                Optional<JsonObject> entry = parsed(line.toString(StandardCharsets.UTF_8));
                if (entry.isEmpty()) {
                    break;
                }
                enter(entry.get());
                end += line.size() + 1;
                line.reset();
            }
        }
        open.truncate(end);
    }

    private void enter(JsonObject entry) {
        lines.put(key(entry), 2 * end + (entry.has("error") ? 1 : 0));
    }

    private static String key(JsonObject entry) {
        return entry.get(entry.has("uri") ? "uri" : "input").getAsString();
    }

    private static Optional<JsonObject> parsed(String line) {
        try {
            JsonElement entry = JsonParser.parseString(line);
            return Optional.of(entry)
                    .filter(JsonElement::isJsonObject)
                    .map(JsonElement::getAsJsonObject)
                    .filter(it -> it.has("input") && it.get("input").isJsonPrimitive());
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    /** Take over what a record says of the inputs that were done. */
    private void copy(Path record) throws IOException {
        try (Reader text = Files.newBufferedReader(record);
                JsonReader reader = new JsonReader(text)) {
            reader.setStrictness(Strictness.LENIENT); // a score may be infinite
            reader.beginObject();
            while (reader.hasNext()) {
                if (reader.nextName().equals("inputs")) {
                    reader.beginArray();
                    while (reader.hasNext()) {
                        JsonObject entry = JsonParser.parseReader(reader).getAsJsonObject();
                        append(key(entry), Json.line(entry), false);
                    }
                    reader.endArray();
                } else {
                    reader.skipValue();
                }
            }
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new IOException(record + " is not what Vitrail writes", e);
        }
    }

    /**
     * Enter an input that is done.
     *
     * @param facts what {@link #done} is to return
     * @throws UnwrittenException if the disk is full
     */
    void add(Path input, Map<String, Object> facts) {
        append(input, facts, false);
    }

    /** Enter an input of which nothing came. */
    void addFailed(Path input, String error) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("error", error);
        append(input, facts, true);
    }

    private void append(Path input, Map<String, Object> facts, boolean failed) {
        String key = NamedInput.key(input);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("input", input.toString());
        if (!key.equals(input.toString())) {
            all.put("uri", key);
        }
        all.putAll(facts);
        append(key, Json.line(all), failed);
    }

    private synchronized void append(String key, String line, boolean failed) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        int length = bytes.remaining();
        try {
            FileChannel open = open();
            try {
                while (bytes.hasRemaining()) {
                    open.write(bytes, end + length - bytes.remaining());
                }
            } catch (IOException e) {
                open.truncate(end);
                throw e;
            }
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
        lines.put(key, 2 * end + (failed ? 1 : 0));
        end += length;
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /** Return the line of an input that is done. */
    Optional<String> done(Path input) {
        return line(input, 0);
    }

    /** Return the line of an input that failed. */
    Optional<String> failed(Path input) {
        return line(input, 1);
    }

    private synchronized Optional<String> line(Path input, int kind) {
        long place = lines.get(NamedInput.key(input));
        FileChannel open = channel;
        if (place < 0 || place % 2 != kind || open == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(open, place / 2));
        } catch (IOException e) {
            throw VitrailException.failure(
                    file + ": cannot be read: " + FileProblem.said(e) + "\n  do:  check the disk");
        }
    }

    private static String read(FileChannel open, long from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(1 << 13);
        for (long at = from; open.read(some, at) > 0; at += some.limit(), some.clear()) {
            some.flip();
            for (int i = 0; i < some.limit(); i++) {
                if (some.get(i) == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(some.get(i));
            }
        }
        throw new IOException("a line is cut off");
    }

    /** Let go of the file, which stays. */
    @Override
    public synchronized void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }

    /** Take the file away: all that it says stands elsewhere. */
    synchronized void delete() {
        close();
        try {
            if (channel != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }
}
