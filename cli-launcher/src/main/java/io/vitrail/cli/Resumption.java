package io.vitrail.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tell which inputs a run that is resumed may leave out. */
final class Resumption {
    private Resumption() {}

    /**
     * Add to what is said of an input what {@link #isDone} goes by.
     *
     * @param call tells the call and the model from others
     * @param written the files of the input, all of them
     */
    static void note(Map<String, Object> facts, String call, Path folder, List<Path> written) {
        List<Object> files = new ArrayList<>();
        written.forEach(file -> files.add(WrittenFile.facts(folder, file)));
        facts.put("call", call);
        facts.put("written", files);
    }

    /**
     * Return whether an input was done by the same call, with the same content, and its files are
     * there as they were written.
     *
     * @param line what is said of it
     */
    static boolean isDone(String line, NamedInput input, String call, Path folder) {
        try {
            JsonObject facts = JsonParser.parseString(line).getAsJsonObject();
            if (!says(facts, "input", input.file().toString())
                    || !says(facts, "call", call)
                    || input.digest().isEmpty()
                    || !says(facts, "sha256", input.digest())) {
                return false;
            }
            for (JsonElement file : facts.getAsJsonArray("written")) {
                JsonObject one = file.getAsJsonObject();
                if (!one.get("file").getAsString().startsWith(input.stem() + ".")
                        || !WrittenFile.isWhole(folder, one)) {
                    return false;
                }
            }
            return true;
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            return false; // not what we write: do it again
        }
    }

    /** Return whether an input was done by this call, whatever became of its files. */
    static boolean isOf(String line, String call) {
        return line.contains("\"call\":\"" + call + "\"");
    }

    private static boolean says(JsonObject facts, String key, String value) {
        return facts.has(key) && facts.get(key).getAsString().equals(value);
    }
}
