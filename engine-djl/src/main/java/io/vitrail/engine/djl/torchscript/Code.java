package io.vitrail.engine.djl.torchscript;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of TorchScript's serialised code. */
final class Code {
    private Code() {}

    sealed interface Expression {}

    record Name(String name, int line) implements Expression {}

    /** A whole number, a fraction, a text, a truth value; {@code null} for {@code None}. */
    record Literal(@Nullable Object value) implements Expression {}

    record Attribute(Expression of, String name, int line) implements Expression {}

    record Call(Expression function, List<Argument> arguments, int line) implements Expression {}

    record Argument(@Nullable String name, Expression value) {}

    record Index(Expression of, Expression index, int line) implements Expression {}

    record Tuple(List<Expression> items) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record Dict(List<Expression> keys, List<Expression> values) implements Expression {}

    record Negative(Expression of) implements Expression {}

    sealed interface Statement {}

    record Assign(Expression target, Expression value, int line) implements Statement {}

    record Declare(String name, Expression type) implements Statement {}

    record Evaluate(Expression value, int line) implements Statement {}

    record Return(@Nullable Expression value, int line) implements Statement {}

    record If(Expression condition, List<Statement> then, List<Statement> otherwise, int line)
            implements Statement {}

    record For(Expression target, Expression in, List<Statement> body, int line)
            implements Statement {}

    record While(Expression condition, List<Statement> body, int line) implements Statement {}

    record Pass() implements Statement {}

    record Parameter(String name, @Nullable Expression type, @Nullable Expression defaultValue) {}

    /** A function or method; {@code file} says where it stands. */
    record Function(String name, List<Parameter> parameters, List<Statement> body, String file) {}

    record ClassType(
            String name,
            String base,
            List<Statement> attributes,
            List<Function> methods,
            String file) {}

    record Unit(List<ClassType> classes, List<Function> functions) {}
}
