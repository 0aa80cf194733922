package io.vitrail.cli;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Print the results of a run as a table, a hundred rows at a time, so that few are held, and not
 * for long.
 */
final class ResultTable {
    private static final int BLOCK = 100;

    private final Console console;
    private final Progress progress;
    private final Set<String> rules = new LinkedHashSet<>();
    private TextTable table = new TextTable("INPUT", "TARGET", "CLASS", "LABEL", "SCORE", "FILES");
    private int rows;
    private boolean silent;

    ResultTable(Console console, Progress progress) {
        this.console = console;
        this.progress = progress;
    }

    /** Return a table that prints nothing. */
    ResultTable silent() {
        silent = true;
        return this;
    }

    void add(ItemResult result) {
        if (silent) {
            return;
        }
        result.rows().forEach(table::row);
        rows += result.rows().size();
        rules.addAll(result.rules());
        if (rows >= BLOCK) {
            print();
            table = table.next();
            rows = 0;
        }
    }

    /** Print what was not printed yet, and at how many layers rules stood. */
    void end() {
        if (rows > 0) {
            print();
        }
        rules.forEach(console.out()::println);
    }

    private void print() {
        progress.clear();
        console.out().print(table);
    }
}
