package io.vitrail.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Say what a benchmark found.
 *
 * @param heading the model, as {@code layers} shows it
 * @param input what the network was fed
 * @param rounds how often each was timed
 * @param threads how many the engine uses; empty if it does not say
 */
record BenchReport(
        String heading,
        String input,
        long batch,
        int rounds,
        OptionalLong threads,
        Benchmark.Outcome outcome) {

    /** Return a line for each method, times in milliseconds. */
    String text() {
        TextTable table =
                new TextTable(
                        "METHOD",
                        "LAYER",
                        "MEDIAN ms",
                        "MIN",
                        "MAX",
                        "CPU",
                        "x FORWARD",
                        "PEAK MiB",
                        "FORM");
        Timing forward = outcome.forward();
        table.row(
                "(forward)",
                "-",
                shown(forward.median()),
                shown(forward.least()),
                shown(forward.most()),
                shown(forward.processor()),
                "1.00",
                "-",
                "-");
        for (Benchmark.Cost cost : outcome.costs()) {
            Timing timing = cost.timing();
            table.row(
                    cost.first().work().method(),
                    layers(cost).isEmpty() ? "-" : layers(cost),
                    shown(timing.median()),
                    shown(timing.least()),
                    shown(timing.most()),
                    shown(timing.processor()),
                    String.format(Locale.ROOT, "%.2f", timing.median() / forward.median()),
                    cost.first().peak().isPresent() ? cost.first().peak().getAsLong() : "-",
                    cost.first().form());
        }
        return heading
                + "\non "
                + input
                + ", batch "
                + batch
                + ", "
                + (threads.isPresent() ? "threads " + threads.getAsLong() + ", " : "")
                + "rounds "
                + rounds
                + "; forward: "
                + outcome.forwardBy()
                + "\n"
                + table;
    }

    private static String shown(double milliseconds) {
        return Timing.shown(milliseconds);
    }

    private static String layers(Benchmark.Cost cost) {
        return String.join(",", cost.first().layers());
    }

    /** Return an object for each method; what the system does not tell is left out. */
    List<Map<String, Object>> facts() {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Benchmark.Cost cost : outcome.costs()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("method", cost.first().work().method());
            one.put("layer", layers(cost));
            one.put("target", String.join(",", cost.first().work().targets()));
            one.put("batch", batch);
            threads.ifPresent(number -> one.put("threads", number));
            one.put("repeats", rounds);
            one.put("median_ms", cost.timing().median());
            one.put("min_ms", cost.timing().least());
            one.put("max_ms", cost.timing().most());
            one.put("cpu_ms", cost.timing().processor());
            one.put("forward_ms", outcome.forward().median());
            one.put("forward_cpu_ms", outcome.forward().processor());
            one.put("forward_by", outcome.forwardBy());
            one.put("ratio", cost.timing().median() / outcome.forward().median());
            cost.first().before().ifPresent(mebibytes -> one.put("rss_before_mib", mebibytes));
            cost.first().peak().ifPresent(mebibytes -> one.put("peak_rss_mib", mebibytes));
            one.put("form", cost.first().form());
            one.put("input", input);
            facts.add(one);
        }
        return facts;
    }
}
