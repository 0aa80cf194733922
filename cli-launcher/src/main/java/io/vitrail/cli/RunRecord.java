package io.vitrail.cli;

import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.render.ColourMap;
import io.vitrail.render.FileBeside;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Say everything that is needed to repeat a run, for {@code vitrail.json} and {@code --json}. */
final class RunRecord {
    /** The name of the file; a folder that has one holds results. */
    static final String FILE = "vitrail.json";

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final String digest;
    private final List<Object> inputs = new ArrayList<>();
    private final List<Object> failed = new ArrayList<>();

    RunRecord(Vitrail vitrail, Model model, Asked asked, Digest of) {
        digest = of.hex();
        facts.put("vitrail", Version.number());
        facts.put("java", Runtime.version().toString());
        facts.put("engine", engine(vitrail, model));
        facts.put("model", model(model, asked.model()));
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("methods", asked.methods());
        call.put("layers", asked.layers());
        call.put("targets", asked.targets());
        call.put("score", asked.score().spelling());
        call.put("settings", asked.settings());
        call.put("colours", asked.colours().stream().map(ColourMap::id).toList());
        call.put("batch", asked.pictures().batch());
        facts.put("asked", call);
        facts.put("plugins", new PluginMethods(vitrail).facts(asked.methods()));
        facts.put("inputs", inputs);
        facts.put("failed", failed);
    }

    private static Map<String, Object> engine(Vitrail vitrail, Model model) {
        Map<String, Object> engine = new LinkedHashMap<>();
        engine.put("name", model.engine());
        for (Pane<Engine> pane : vitrail.engines()) {
            if (pane instanceof Pane.Whole<Engine> whole && whole.id().equals(model.engine())) {
                engine.put("version", whole.service().version());
            }
        }
        return engine;
    }

    private Map<String, Object> model(Model model, Path file) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", model.name());
        facts.put("file", file.toString());
        facts.put("format", model.format());
        facts.put("sha256", digest);
        return facts;
    }

    /** Return the SHA-256 of the model's file. */
    String digest() {
        return digest;
    }

    void add(Map<String, Object> input) {
        inputs.add(input);
    }

    void addFailed(Path input, String error) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("input", input.toString());
        said.put("error", error);
        failed.add(said);
    }

    /** Say that inputs are missing, for the run was interrupted. */
    void interrupted() {
        facts.put("interrupted", true);
    }

    /** Return the number of inputs that are done. */
    int done() {
        return inputs.size();
    }

    Map<String, Object> facts() {
        return facts;
    }

    /**
     * Write the record; beside, then moved.
     *
     * @throws VitrailException of kind {@code FAILURE} if it cannot be written
     */
    void write(Path file) {
        FileBeside.write(
                file,
                stream -> stream.write((Json.text(facts) + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
