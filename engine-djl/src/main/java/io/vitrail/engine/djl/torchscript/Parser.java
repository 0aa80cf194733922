package io.vitrail.engine.djl.torchscript;

import io.vitrail.engine.djl.torchscript.Lexer.Kind;
import io.vitrail.engine.djl.torchscript.Lexer.Token;
import java.util.ArrayList;
import java.util.List;

/** Parse TorchScript's serialised code by recursive descent; one method a rule of its grammar. */
final class Parser {
    private static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private final String file;
    private int at;
    private int depth;

    private Parser(List<Token> tokens, String file) {
        this.tokens = tokens;
        this.file = file;
    }

    /** Parse one file of the archive's code. */
    static Code.Unit parse(String code, String file) {
        try {
            return new Parser(Lexer.tokens(code, file), file).unit();
        } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
            throw Refusal.at(file, "the code is damaged");
        }
    }

    private Code.Unit unit() {
        List<Code.ClassType> classes = new ArrayList<>();
        List<Code.Function> functions = new ArrayList<>();
        while (peek().kind() != Kind.END) {
            if (takeName("class")) {
                classes.add(classType());
            } else if (takeName("def")) {
                functions.add(function());
            } else {
                throw refuse("a class or a function is expected");
            }
        }
        return new Code.Unit(classes, functions);
    }

    private Code.ClassType classType() {
        String name = name();
        symbol("(");
        String base = name();
        symbol(")");
        symbol(":");
        expect(Kind.NEWLINE);
        List<Code.Statement> attributes = new ArrayList<>();
        List<Code.Function> methods = new ArrayList<>();
        expect(Kind.INDENT);
        while (peek().kind() != Kind.DEDENT) {
            if (takeName("def")) {
                methods.add(function());
            } else {
                attributes.add(statement());
            }
        }
        expect(Kind.DEDENT);
        return new Code.ClassType(name, base, attributes, methods, file);
    }

    private Code.Function function() {
        String name = name();
        symbol("(");
        List<Code.Parameter> parameters = new ArrayList<>();
        while (!take(")")) {
            String parameter = name();
            Code.Expression type = take(":") ? expression() : null;
            Code.Expression value = take("=") ? expression() : null;
            parameters.add(new Code.Parameter(parameter, type, value));
            if (!take(",")) {
                symbol(")");
                break;
            }
        }
        symbol("->");
        expression();
        return new Code.Function(name, parameters, block(), file);
    }

    private List<Code.Statement> block() {
        symbol(":");
        expect(Kind.NEWLINE);
        expect(Kind.INDENT);
        enter();
        List<Code.Statement> statements = new ArrayList<>();
        while (peek().kind() != Kind.DEDENT) {
            statements.add(statement());
        }
        depth--;
        expect(Kind.DEDENT);
        return statements;
    }

    private Code.Statement statement() {
        int line = peek().line();
        if (takeName("if")) {
            Code.Expression condition = expression();
            List<Code.Statement> then = block();
            List<Code.Statement> otherwise = takeName("else") ? block() : List.of();
            return new Code.If(condition, then, otherwise, line);
        }
        if (takeName("for")) {
            Code.Expression target = tuple();
            if (!takeName("in")) {
                throw refuse("'in' is expected");
            }
            return new Code.For(target, expression(), block(), line);
        }
        if (takeName("while")) {
            return new Code.While(expression(), block(), line);
        }
        Code.Statement simple = simple(line);
        expect(Kind.NEWLINE);
        return simple;
    }

    private Code.Statement simple(int line) {
        if (takeName("pass")) {
            return new Code.Pass();
        }
        if (takeName("return")) {
            return new Code.Return(peek().kind() == Kind.NEWLINE ? null : tuple(), line);
        }
        Code.Expression left = tuple();
        if (take(":")) {
            Code.Expression type = expression();
            if (take("=")) {
                return new Code.Assign(left, tuple(), line);
            }
            if (left instanceof Code.Name name) {
                return new Code.Declare(name.name(), type);
            }
            throw refuse("a name is expected before ':'");
        }
        if (take("=")) {
            return new Code.Assign(left, tuple(), line);
        }
        return new Code.Evaluate(left, line);
    }

    private Code.Expression tuple() {
        Code.Expression first = expression();
        if (!is(",")) {
            return first;
        }
        List<Code.Expression> items = new ArrayList<>(List.of(first));
        while (take(",")) {
            if (is("=") || is(")") || peek().kind() == Kind.NEWLINE || peekName("in")) {
                break;
            }
            items.add(expression());
        }
        return new Code.Tuple(items);
    }

    private Code.Expression expression() {
        enter();
        try {
            if (take("-")) {
                return new Code.Negative(expression());
            }
            Code.Expression expression = atom();
            while (true) {
                int line = peek().line();
                if (take(".")) {
                    expression = new Code.Attribute(expression, name(), line);
                } else if (take("(")) {
                    expression = new Code.Call(expression, arguments(), line);
                } else if (take("[")) {
                    expression = new Code.Index(expression, tuple(), line);
                    symbol("]");
                } else {
                    return expression;
                }
            }
        } finally {
            depth--;
        }
    }

    private List<Code.Argument> arguments() {
        List<Code.Argument> arguments = new ArrayList<>();
        while (!take(")")) {
            String name = null;
            if (peek().kind() == Kind.NAME
                    && tokens.get(at + 1).kind() == Kind.SYMBOL
                    && tokens.get(at + 1).text().equals("=")) {
                name = name();
                symbol("=");
            }
            arguments.add(new Code.Argument(name, expression()));
            if (!take(",")) {
                symbol(")");
                break;
            }
        }
        return arguments;
    }

    private Code.Expression atom() {
        Token token = tokens.get(at++);
        switch (token.kind()) {
            case NUMBER -> {
                boolean fraction = token.text().matches(".*[.eE].*");
                return new Code.Literal(
                        fraction
                                ? (Object) Double.valueOf(token.text())
                                : Long.valueOf(token.text()));
            }
            case TEXT -> {
                return new Code.Literal(token.text());
            }
            case NAME -> {
                return switch (token.text()) {
                    case "None" -> new Code.Literal(null);
                    case "True" -> new Code.Literal(true);
                    case "False" -> new Code.Literal(false);
                    case "inf" -> new Code.Literal(Double.POSITIVE_INFINITY);
                    case "nan" -> new Code.Literal(Double.NaN);
                    default -> new Code.Name(token.text(), token.line());
                };
            }
            case SYMBOL -> {
                return bracketed(token);
            }
            default -> {
                at--;
                throw refuse("an expression is expected");
            }
        }
    }

    private Code.Expression bracketed(Token token) {
        switch (token.text()) {
            case "(" -> {
                if (take(")")) {
                    return new Code.Tuple(List.of());
                }
                Code.Expression inner = tuple();
                symbol(")");
                return inner;
            }
            case "[" -> {
                List<Code.Expression> items = new ArrayList<>();
                while (!take("]")) {
                    items.add(expression());
                    if (!take(",")) {
                        symbol("]");
                        break;
                    }
                }
                return new Code.ListOf(items);
            }
            case "{" -> {
                List<Code.Expression> keys = new ArrayList<>();
                List<Code.Expression> values = new ArrayList<>();
                while (!take("}")) {
                    keys.add(expression());
                    symbol(":");
                    values.add(expression());
                    if (!take(",")) {
                        symbol("}");
                        break;
                    }
                }
                return new Code.Dict(keys, values);
            }
            default -> {
                at--;
                throw refuse("an expression is expected");
            }
        }
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw refuse("the code is nested more than " + MAX_DEPTH + " deep");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private boolean peekName(String word) {
        return peek().kind() == Kind.NAME && peek().text().equals(word);
    }

    private boolean is(String symbol) {
        return peek().kind() == Kind.SYMBOL && peek().text().equals(symbol);
    }

    private boolean take(String symbol) {
        if (is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    private boolean takeName(String word) {
        if (peekName(word)) {
            at++;
            return true;
        }
        return false;
    }

    private void symbol(String symbol) {
        if (!take(symbol)) {
            throw refuse("'" + symbol + "' is expected");
        }
    }

    private String name() {
        return expect(Kind.NAME).text();
    }

    private Token expect(Kind kind) {
        if (peek().kind() != kind) {
            throw refuse(kind + " is expected");
        }
        return tokens.get(at++);
    }

    private Refusal refuse(String what) {
        Token token = peek();
        String found = token.kind() == Kind.END ? "the end" : "'" + token.text() + "'";
        return Refusal.at(
                file + ", line " + token.line(),
                "the code is damaged: " + what + ", found " + found);
    }
}
