package io.vitrail.testkit;

import ai.djl.ndarray.NDManager;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.graph.Operator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tabulate which neutral operators engines run and differentiate, as a page can show it. */
public final class OperatorMatrix {
    private static final String RIGHT = "yes";

    private OperatorMatrix() {}

    /**
     * Return the rows of a Markdown table: each neutral operator, the number of settings and
     * layouts that were tried, and for each engine {@code yes}, or what goes wrong with which.
     *
     * <p>Right is what {@link OperatorContract} takes for right: shapes as declared, gradients
     * those of finite differences.
     *
     * @param engines runs and checks each case; the columns
     */
    public static String of(List<Engine> engines) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Class<?> operator : Operator.class.getPermittedSubclasses()) {
            if (operator != Operator.Native.class) { // an engine's own by definition
                rows.put(operator.getSimpleName(), new Row(engines));
            }
        }
        for (OperatorCase each : OperatorCase.all()) {
            Row row = rows.get(each.operator().getClass().getSimpleName());
            row.cases++;
            engines.forEach(engine -> row.found.get(engine.name()).add(outcome(engine, each)));
        }
        StringBuilder table = new StringBuilder("| operator | cases |");
        engines.forEach(engine -> table.append(' ').append(engine.name()).append(" |"));
        table.append("\n|---|---|").append("---|".repeat(engines.size())).append('\n');
        rows.forEach((name, row) -> table.append(row.text(name)));
        return table.toString();
    }

    /**
     * Return the networks of the table: one operator each, in double, of inputs whose first axis is
     * the batch.
     */
    public static List<GraphSource> networks() {
        return OperatorCase.all().stream().map(OperatorCase::network).toList();
    }

    private static String outcome(Engine engine, OperatorCase each) {
        try (Model model = engine.load(each.network(), Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            OperatorContract.check(model, each.inputs(manager));
            return RIGHT;
        } catch (RuntimeException | AssertionError e) {
            String said = String.valueOf(e.getMessage()).strip();
            return each.name() + ": " + said.lines().findFirst().orElse("").replace('|', '/');
        }
    }

    private static final class Row {
        private final Map<String, Set<String>> found = new LinkedHashMap<>();
        private int cases;

        Row(List<Engine> engines) {
            engines.forEach(engine -> found.put(engine.name(), new LinkedHashSet<>()));
        }

        String text(String name) {
            StringBuilder text = new StringBuilder("| " + name + " | " + cases + " |");
            for (Set<String> outcomes : found.values()) {
                if (outcomes.size() > 1) {
                    outcomes.remove(RIGHT); // some settings only: those that fail are named
                }
                text.append(' ').append(String.join("; ", outcomes)).append(" |");
            }
            return text.append('\n').toString();
        }
    }
}
