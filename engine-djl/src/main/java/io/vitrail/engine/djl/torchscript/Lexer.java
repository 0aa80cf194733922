package io.vitrail.engine.djl.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Split TorchScript code into tokens; indentation becomes tokens of its own, as in Python. */
final class Lexer {
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SYMBOL,
        NEWLINE,
        INDENT,
        DEDENT,
        END
    }

    record Token(Kind kind, String text, int line) {}

    private final String code;
    private final String file;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String code, String file) {
        this.code = code;
        this.file = file;
    }

    static List<Token> tokens(String code, String file) {
        Lexer lexer = new Lexer(code, file);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        if (!code.isEmpty() && !code.endsWith("\n")) {
            throw refuse("the code ends in the middle of a line");
        }
        Deque<Integer> indents = new ArrayDeque<>();
        indents.push(0);
        int open = 0;
        boolean lineStart = true;
        while (at < code.length()) {
            if (lineStart && open == 0) {
                int width = 0;
                while (at < code.length() && code.charAt(at) == ' ') {
                    at++;
                    width++;
                }
                lineStart = false;
                if (at < code.length() && code.charAt(at) != '\n' && code.charAt(at) != '#') {
                    if (width > indents.peek()) {
                        indents.push(width);
                        add(Kind.INDENT, "");
                    }
                    while (width < indents.peek()) {
                        indents.pop();
                        add(Kind.DEDENT, "");
                    }
                    if (width != indents.peek()) {
                        throw refuse("a line is indented like none before it");
                    }
                }
                continue;
            }
            char c = code.charAt(at);
            if (c == '\n') {
                boolean empty =
                        tokens.isEmpty()
                                || tokens.get(tokens.size() - 1).kind() == Kind.NEWLINE
                                || tokens.get(tokens.size() - 1).kind() == Kind.DEDENT;
                if (open == 0 && !empty) {
                    add(Kind.NEWLINE, "");
                }
                at++;
                line++;
                lineStart = open == 0;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                while (code.charAt(at) != '\n') {
                    at++;
                }
            } else if (Character.isLetter(c) || c == '_') {
                int from = at;
                while (at < code.length() && isWord(code.charAt(at))) {
                    at++;
                }
                add(Kind.NAME, code.substring(from, at));
            } else if (Character.isDigit(c)) {
                number();
            } else if (c == '"' || c == '\'') {
                text(c);
            } else if (code.startsWith("->", at)) {
                add(Kind.SYMBOL, "->");
                at += 2;
            } else if ("()[]{},:=.-".indexOf(c) >= 0) {
                open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
                add(Kind.SYMBOL, String.valueOf(c));
                at++;
            } else {
                throw refuse("the character '" + c + "' is not part of TorchScript");
            }
        }
        while (indents.pop() > 0) {
            add(Kind.DEDENT, "");
        }
        add(Kind.END, "");
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private void number() {
        int from = at;
        while (at < code.length()) {
            char c = code.charAt(at);
            boolean sign =
                    (c == '+' || c == '-') && "eE".indexOf(code.charAt(at - 1)) >= 0 && at > from;
            if (Character.isDigit(c) || c == '.' || c == 'e' || c == 'E' || sign) {
                at++;
            } else {
                break;
            }
        }
        if (at < code.length() && code.charAt(at) == 'j') {
            throw refuse("complex numbers are not read");
        }
        add(Kind.NUMBER, code.substring(from, at));
    }

    private void text(char quote) {
        StringBuilder text = new StringBuilder();
        int start = line;
        at++;
        while (true) {
            if (at >= code.length() || code.charAt(at) == '\n') {
                throw refuse("a text that begins in line " + start + " has no end");
            }
            char c = code.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = code.charAt(at++);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000b');
                default -> {
                    if (escaped >= '0' && escaped <= '7' && at + 1 < code.length()) {
                        text.append((char) Integer.parseInt(code.substring(at - 1, at + 2), 8));
                        at += 2;
                    } else {
                        text.append(escaped);
                    }
                }
            }
        }
        add(Kind.TEXT, text.toString());
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private Refusal refuse(String what) {
        return Refusal.at(file + ", line " + line, what);
    }
}
