package io.vitrail.engine.djl.torchscript;

import io.vitrail.engine.djl.torch.KnownOperators;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuse a model whose code calls operators that libtorch does not have, before any input is
 * needed.
 */
final class OperatorCheck {
    private final Map<String, String> called = new LinkedHashMap<>(); // path -> first place

    private OperatorCheck() {}

    static void check(Archive archive) {
        OperatorCheck check = new OperatorCheck();
        archive.classes().values().forEach(type -> type.methods().forEach(check::function));
        archive.functions().values().forEach(check::function);
        check.called.forEach(
                (name, place) -> {
                    if (!KnownOperators.exists(name)) {
                        throw Refusal.at(
                                place,
                                "operator '" + name + "' is not known to libtorch 2.7.1",
                                "replace it in the model's code, or save the model with torch 1.8 to 2.7");
                    }
                });
    }

    private void function(Code.Function function) {
        statements(function.body(), function.file());
    }

    private void statements(List<Code.Statement> statements, String file) {
        for (Code.Statement statement : statements) {
            if (statement instanceof Code.Assign s) {
                expression(s.value(), file);
            } else if (statement instanceof Code.Evaluate s) {
                expression(s.value(), file);
            } else if (statement instanceof Code.Return s) {
                expression(s.value(), file);
            } else if (statement instanceof Code.If s) {
                expression(s.condition(), file);
                statements(s.then(), file);
                statements(s.otherwise(), file);
            } else if (statement instanceof Code.For s) {
                expression(s.in(), file);
                statements(s.body(), file);
            } else if (statement instanceof Code.While s) {
                expression(s.condition(), file);
                statements(s.body(), file);
            }
        }
    }

    private void expression(Code.@Nullable Expression expression, String file) {
        if (expression instanceof Code.Call call) {
            String path = Archive.path(call.function());
            if (path != null
                    && (path.startsWith("torch.")
                            || path.startsWith("ops.") && !path.startsWith("ops.prim."))) {
                called.putIfAbsent(path, file + ", line " + call.line());
            }
            expression(call.function(), file);
            call.arguments().forEach(argument -> expression(argument.value(), file));
        } else if (expression instanceof Code.Attribute e) {
            expression(e.of(), file);
        } else if (expression instanceof Code.Index e) {
            expression(e.of(), file);
            expression(e.index(), file);
        } else if (expression instanceof Code.Tuple e) {
            e.items().forEach(item -> expression(item, file));
        } else if (expression instanceof Code.ListOf e) {
            e.items().forEach(item -> expression(item, file));
        } else if (expression instanceof Code.Dict e) {
            e.values().forEach(item -> expression(item, file));
        } else if (expression instanceof Code.Negative e) {
            expression(e.of(), file);
        }
    }
}
