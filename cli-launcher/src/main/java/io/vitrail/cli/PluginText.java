package io.vitrail.cli;

import io.vitrail.runtime.plugin.Plugin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Put into words, and into facts for JSON, what is known of a plugin. */
record PluginText(Plugin plugin) {
    /** What whoever installs a plugin should know. */
    static final String TRUST =
            "a plugin is code: it may do whatever you may do, with your files too; install what you"
                    + " trust";

    /** Return the facts for JSON. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", plugin.id());
        facts.put("version", plugin.version());
        facts.put("vendor", plugin.vendor());
        facts.put("state", state());
        plugin.problem().ifPresent(problem -> facts.putAll(facts(problem)));
        facts.put("source", plugin.source().toString());
        facts.put("sha256", plugin.sha256());
        facts.put("api", plugin.apiRange());
        facts.put("compiledAgainst", plugin.compiledAgainst());
        facts.put("panes", plugin.panes().stream().map(PluginText::facts).toList());
        facts.put("needs", plugin.needs().stream().map(PluginText::facts).toList());
        return facts;
    }

    private static Map<String, Object> facts(Plugin.Problem problem) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("stage", lower(problem.stage()));
        facts.put("cause", problem.cause());
        facts.put("remedy", problem.remedy());
        return facts;
    }

    private static Map<String, Object> facts(Plugin.Provided pane) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", pane.kind());
        facts.put("id", pane.id());
        facts.put("state", pane.whole() ? "whole" : "broken");
        facts.put("provider", pane.provider());
        pane.problem().ifPresent(problem -> facts.putAll(facts(problem)));
        return facts;
    }

    private static Map<String, Object> facts(Plugin.Need need) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", need.id());
        facts.put("range", need.range());
        return facts;
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** Return the state as it is listed: {@code active}. */
    String state() {
        return lower(plugin.state());
    }

    /** Return whether something is wrong with it; an older version beside a newer one is not. */
    boolean isBroken() {
        return plugin.state() == Plugin.State.BROKEN
                || plugin.state() == Plugin.State.ACTIVE && plugin.problem().isPresent();
    }

    /** Return its id and version. */
    String name() {
        return plugin.id() + (plugin.version().isEmpty() ? "" : " " + plugin.version());
    }

    /** Return who is wrong, at which stage and why, and what to do. */
    String said(Plugin.Problem problem) {
        return name()
                + " of "
                + plugin.source()
                + ": "
                + lower(problem.stage())
                + ": "
                + problem.cause()
                + "\n  do:  "
                + problem.remedy();
    }

    /** Return the same of a pane of it. */
    private static String said(Plugin.Provided pane, Plugin.Problem problem) {
        return pane.provider()
                + ": "
                + lower(problem.stage())
                + ": "
                + problem.cause()
                + "\n  do:  "
                + problem.remedy();
    }

    /** Return all that is wrong with plugins, a line and a remedy each; empty if nothing is. */
    static String problems(List<Plugin> plugins) {
        StringBuilder text = new StringBuilder();
        for (Plugin plugin : plugins) {
            PluginText said = new PluginText(plugin);
            if (said.isBroken()) {
                plugin.problem()
                        .ifPresent(
                                one -> text.append("broken: ").append(said.said(one)).append('\n'));
            }
        }
        return text.toString();
    }

    /** Return the table of plugins. */
    static TextTable table(List<Plugin> plugins) {
        TextTable table = new TextTable("PLUGIN", "VERSION", "STATE", "PROVIDES", "FROM");
        for (Plugin plugin : plugins) {
            table.row(
                    plugin.id(),
                    dash(plugin.version()),
                    new PluginText(plugin).state(),
                    dash(
                            plugin.panes().stream()
                                    .filter(Plugin.Provided::whole)
                                    .map(PluginText::said)
                                    .collect(Collectors.joining(", "))),
                    plugin.source());
        }
        return table;
    }

    private static String said(Plugin.Provided pane) {
        return pane.kind() + " " + (pane.id().isEmpty() ? pane.provider() : pane.id());
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Return all of it, for one who asks about this plugin. */
    String all() {
        StringBuilder text = new StringBuilder();
        text.append(name()).append(": ").append(state()).append('\n');
        line(text, "vendor", plugin.vendor());
        line(text, "from", plugin.source().toString());
        line(text, "sha256", plugin.sha256());
        line(text, "api", plugin.apiRange());
        line(text, "made for", plugin.compiledAgainst());
        for (Plugin.Need need : plugin.needs()) {
            line(text, "needs", (need.id() + " " + need.range()).strip());
        }
        for (Plugin.Provided pane : plugin.panes()) {
            line(text, "provides", said(pane) + (pane.whole() ? "" : " (broken)"));
        }
        plugin.problem().ifPresent(problem -> text.append(wrong(said(problem))));
        for (Plugin.Provided pane : plugin.panes()) {
            pane.problem().ifPresent(problem -> text.append(wrong(said(pane, problem))));
        }
        return text.toString();
    }

    private static String wrong(String text) {
        return "broken: " + text + "\n";
    }

    private static void line(StringBuilder text, String what, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "  %-9s %s%n", what + ":", value));
        }
    }
}
