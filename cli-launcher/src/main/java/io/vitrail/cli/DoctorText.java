package io.vitrail.cli;

import io.vitrail.cli.Installation.Fitted;
import io.vitrail.cli.Installation.Module;
import io.vitrail.cli.Installation.Started;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Put into words, and into facts for JSON, what {@code doctor} found installed. */
record DoctorText(Installation installation) {

    /** Return the facts for JSON. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("vitrail", Version.number());
        facts.put("java", java());
        facts.put("system", system());
        facts.put("modules", installation.modules());
        facts.put("panes", installation.panes());
        facts.put("engines", installation.engines());
        facts.put(
                "plugins",
                installation.plugins().stream().map(one -> new PluginText(one).facts()).toList());
        return facts;
    }

    private static Map<String, Object> java() {
        Map<String, Object> java = new LinkedHashMap<>();
        java.put("version", Runtime.version().toString());
        java.put("vendor", System.getProperty("java.vendor"));
        java.put("home", System.getProperty("java.home"));
        java.put("processors", Runtime.getRuntime().availableProcessors());
        java.put("maxMemoryMiB", Runtime.getRuntime().maxMemory() >> 20);
        return java;
    }

    private static String system() {
        return System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch");
    }

    @Override
    public String toString() {
        Map<String, Object> java = java();
        StringBuilder text = new StringBuilder();
        text.append("vitrail  ").append(Version.number()).append('\n');
        text.append("java     ")
                .append(java.get("version"))
                .append(", ")
                .append(java.get("vendor"));
        text.append(", ").append(java.get("home")).append('\n');
        text.append("system   ").append(system()).append(", ").append(java.get("processors"));
        text.append(" processors, Java may use ").append(java.get("maxMemoryMiB")).append(" MiB\n");

        TextTable modules = new TextTable("MODULE", "VERSION", "FROM");
        for (Module module : installation.modules()) {
            modules.row(module.name(), module.version(), jar(module.from()));
        }
        TextTable panes = new TextTable("PANE", "ID", "STATE", "PROVIDER", "FROM");
        for (Fitted pane : installation.panes()) {
            panes.row(
                    pane.kind(), dash(pane.id()), pane.state(), pane.provider(), jar(pane.from()));
        }
        text.append('\n').append(modules).append('\n').append(panes);
        for (Fitted pane : installation.panes()) {
            if (!pane.whole()) {
                text.append("broken: ").append(pane.said()).append('\n');
            }
        }
        if (!installation.plugins().isEmpty()) {
            text.append('\n').append(PluginText.table(installation.plugins()));
            text.append(PluginText.problems(installation.plugins()));
        }
        TextTable engines = new TextTable("ENGINE", "VERSION", "SETTINGS", "NATIVES");
        for (Started engine : installation.engines()) {
            String natives = engine.missing().isEmpty() ? dash(engine.natives()) : engine.missing();
            engines.row(
                    engine.name(),
                    dash(engine.version()),
                    dash(settings(engine)),
                    engine.cause().isEmpty() ? natives : "does not start: " + engine.cause());
        }
        text.append('\n').append(engines);
        for (Started engine : installation.engines()) {
            if (!engine.altered().isEmpty()) {
                text.append("broken: ").append(engine.altered()).append('\n');
            }
        }
        return text.toString();
    }

    /** The name alone; where the jar lies is in the JSON. */
    private static String jar(String from) {
        return from.substring(from.lastIndexOf('/', Math.max(0, from.length() - 2)) + 1);
    }

    private static String settings(Started engine) {
        return engine.details().entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
