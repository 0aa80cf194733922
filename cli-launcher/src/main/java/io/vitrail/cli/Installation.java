package io.vitrail.cli;

import ai.djl.util.Utils;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import io.vitrail.runtime.plugin.Plugin;
import java.io.IOException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What Vitrail consists of here.
 *
 * @param modules ours and DJL's
 * @param panes methods, formats, forms of targets and engines, whole ones and broken ones
 * @param engines the engines, started where they can be
 * @param plugins the plugins, broken ones too
 */
record Installation(
        List<Module> modules, List<Fitted> panes, List<Started> engines, List<Plugin> plugins) {

    /** A module and the jar or folder that it came from. */
    record Module(String name, String version, String from) {}

    /**
     * A method, format, form of targets or engine.
     *
     * @param id empty where it broke before it had one
     * @param state {@code whole}, or the stage at which it broke
     * @param cause why it broke; empty for a whole one
     */
    record Fitted(
            String kind, String id, String state, String provider, String from, String cause) {
        static final String WHOLE = "whole";

        /** Return who it is, where it comes from, and why it is broken. */
        String said() {
            return provider + (from.isEmpty() ? "" : " of " + from) + ": " + cause;
        }

        boolean whole() {
            return state.equals(WHOLE);
        }
    }

    /**
     * An engine.
     *
     * @param version the backend's own; empty where it does not run
     * @param natives the folder that its native libraries were unpacked to; empty where unknown
     * @param details what else it says of itself, such as its threads
     * @param missing what to add to have it; empty where it is installed
     * @param cause why it did not start; empty where it did
     * @param altered which of its native libraries is not as it was unpacked, and what to do; empty
     *     where all are
     */
    record Started(
            String name,
            String version,
            String natives,
            Map<String, String> details,
            String missing,
            String cause,
            String altered) {}

    /** Look at everything; start each engine that is installed. */
    static Installation of(Vitrail vitrail) {
        List<Fitted> panes = new ArrayList<>();
        for (Pane<AttributionMethod> pane : vitrail.methods()) {
            panes.add(fitted("method", pane));
        }
        for (Pane<ModelFormat> pane : vitrail.formats()) {
            panes.add(fitted("format", pane));
        }
        for (Pane<TargetForm> pane : vitrail.targets()) {
            panes.add(fitted("target", pane));
        }
        List<Started> engines = new ArrayList<>();
        for (Pane<Engine> pane : vitrail.engines()) {
            panes.add(fitted("engine", pane));
            if (pane instanceof Pane.Whole<Engine> whole) {
                engines.add(started(whole));
            }
        }
        return new Installation(found(), panes, engines, vitrail.plugins().list());
    }

    /** Return whether nothing is broken; what is not installed is not broken. */
    boolean sound() {
        return panes.stream().allMatch(Fitted::whole)
                && engines.stream()
                        .allMatch(engine -> engine.cause.isEmpty() && engine.altered.isEmpty())
                && plugins.stream().noneMatch(plugin -> new PluginText(plugin).isBroken());
    }

    private static List<Module> found() {
        ModuleLayer layer = Installation.class.getModule().getLayer();
        if (layer == null) {
            return List.of(); // on the class path there are none
        }
        return layer.configuration().modules().stream()
                .filter(module -> module.name().matches("(io\\.vitrail|ai\\.djl)(\\..*)?"))
                .map(Installation::module)
                .sorted(Comparator.comparing(Module::name))
                .toList();
    }

    private static Module module(ResolvedModule module) {
        return new Module(
                module.name(),
                module.reference().descriptor().rawVersion().orElse(""),
                module.reference().location().map(Installation::file).orElse(""));
    }

    private static String file(URI location) {
        return location.getScheme().equals("file")
                ? Path.of(location).toString()
                : location.toString();
    }

    private static <T> Fitted fitted(String kind, Pane<T> pane) {
        if (pane instanceof Pane.Broken<T> broken) {
            String stage = broken.stage().name().toLowerCase(Locale.ROOT);
            return new Fitted(
                    kind, "", "broken: " + stage, pane.provider(), broken.origin(), broken.cause());
        }
        Pane.Whole<T> whole = (Pane.Whole<T>) pane;
        return new Fitted(kind, whole.id(), Fitted.WHOLE, pane.provider(), pane.origin(), "");
    }

    private static Started started(Pane.Whole<Engine> pane) {
        String missing = pane.service().missing();
        if (!missing.isEmpty()) {
            return new Started(pane.id(), "", "", Map.of(), missing, "", "");
        }
        try {
            String version = pane.service().version();
            String natives = natives(pane.id(), version);
            return new Started(
                    pane.id(),
                    version,
                    natives,
                    pane.service().details(),
                    "",
                    "",
                    natives.isEmpty() ? "" : altered(pane.id(), Path.of(natives)));
        } catch (VitrailException | ai.djl.engine.EngineException | LinkageError e) {
            String natives = natives(pane.id(), "");
            String altered = natives.isEmpty() ? "" : altered(pane.id(), Path.of(natives));
            return new Started(pane.id(), "", natives, Map.of(), "", Failure.text(e), altered);
        }
    }

    private static String altered(String engine, Path natives) {
        return new Natives(natives, ClassLoader.getSystemClassLoader(), engine).problem();
    }

    /**
     * DJL unpacks an engine's libraries into a folder of the engine's version. The only folder is
     * taken whatever its name: MXNet 1.9.1 says that it is 1.9.0.
     */
    private static String natives(String engine, String version) {
        Path cache = Utils.getEngineCacheDir(engine);
        try (Stream<Path> folders = Files.list(cache)) {
            List<Path> all = folders.filter(Files::isDirectory).toList();
            return all.stream()
                    .filter(
                            folder ->
                                    all.size() == 1
                                            || folder.getFileName().toString().startsWith(version))
                    .findFirst()
                    .map(Path::toString)
                    .orElse("");
        } catch (IOException e) {
            return ""; // the libraries are the system's own
        }
    }
}
