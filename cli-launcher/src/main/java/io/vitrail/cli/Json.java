package io.vitrail.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Write maps and lists as JSON for people and programs. */
final class Json {
    private static final Gson LINE =
            new GsonBuilder()
                    .disableHtmlEscaping()
                    .serializeSpecialFloatingPointValues() // a score may be infinite
                    .create();
    private static final Gson TEXT = LINE.newBuilder().setPrettyPrinting().create();

    private Json() {}

    static String text(Object value) {
        return TEXT.toJson(value);
    }

    /** Return JSON without a line break in it. */
    static String line(Object value) {
        return LINE.toJson(value);
    }

    /**
     * Return JSON that {@link #line} made as {@link #text} has it.
     *
     * @param depth how deep it stands in another text
     */
    static String indented(String line, int depth) {
        StringBuilder text = new StringBuilder(2 * line.length());
        int level = depth;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            text.append(quoted || c != '}' && c != ']' ? "" : newLine(--level)).append(c);
            if (quoted && c == '\\') {
                text.append(next);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                if (next == '}' || next == ']') {
                    text.append(next);
                    i++;
                } else {
                    text.append(newLine(++level));
                }
            } else if (!quoted && c == ',') {
                text.append(newLine(level));
            } else if (!quoted && c == ':') {
                text.append(' ');
            }
        }
        return text.toString();
    }

    private static String newLine(int level) {
        return "\n" + "  ".repeat(level);
    }
}
