package io.vitrail.cli;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.render.ColourMap;
import io.vitrail.render.FileBeside;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Say everything that is needed to repeat a run, for {@code vitrail.json} and {@code --json}. */
final class RunRecord {
    /** The name of the file; a folder that has one holds results. */
    static final String FILE = "vitrail.json";

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final String digest;
    private final Map<String, Object> identity;

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
        identity = identity(model, asked);
        if (asked.save().contains("zarr")) {
            facts.put("store", asked.folder().resolve(StoreSink.FOLDER).toString());
        }
        if (asked.many().summary()) {
            facts.put("summary", asked.folder().resolve(Summary.FOLDER).toString());
        }
    }

    /** Return what results depend on; the batch is not among it. */
    private Map<String, Object> identity(Model model, Asked asked) {
        Map<String, Object> identity = new LinkedHashMap<>(facts);
        identity.remove("java");
        identity.put("model", List.of(digest, model.format()));
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("methods", asked.methods());
        call.put("layers", asked.layers());
        call.put("targets", asked.targets().size()); // several are in the names of files
        call.put("score", asked.score().spelling());
        call.put("settings", asked.settings());
        call.put("colours", asked.colours().stream().map(ColourMap::id).toList());
        call.put(
                "save",
                asked.save().stream().filter(kind -> !kind.equals("json")).sorted().toList());
        PictureOptions.Given pictures = asked.pictures();
        call.put(
                "preprocess",
                pictures.preprocess() == null ? "" : pictures.preprocess().spelling());
        call.put("labels", pictures.labels() == null ? List.of() : pictures.labels());
        call.put("shape", pictures.shape().map(Shape::toString).orElse(""));
        call.put("vocabulary", asked.vocabulary().fingerprint());
        call.put("boxes", List.of(pictures.threshold(), pictures.overlap()));
        call.put("engine", asked.engineOptions());
        identity.put("asked", call);
        identity.put("sidecar", Vitrail.sidecar(model).toString());
        return identity;
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

    /** Say that inputs are missing, for the run was interrupted. */
    void interrupted() {
        facts.put("interrupted", true);
    }

    /**
     * Return what tells this call's results from those of others, in hexadecimal digits: version,
     * engine, model, plugins, and everything that was asked but how fast.
     *
     * @param targets of the input that it is about
     */
    String call(List<String> targets) {
        return Digest.sha256Of(Json.line(List.of(identity, targets))).substring(0, 32);
    }

    /** What is to be said of inputs, and where it stands. */
    record Said(Iterable<Path> inputs, Journal journal) {}

    /**
     * Write the record; beside, then moved.
     *
     * @throws io.vitrail.render.UnwrittenException if it cannot be written
     */
    void write(Path file, Said said) {
        FileBeside.write(
                file,
                stream -> {
                    Writer text = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    write(text, said, Map.of());
                    text.flush();
                });
    }

    /**
     * Write the record as it stands in its file: inputs in their order, those that failed apart.
     *
     * <p>No more than one input is in memory.
     *
     * @param more facts for the end
     */
    void write(Appendable text, Said said, Map<String, Object> more) throws IOException {
        text.append(without(Json.text(facts), "\n}"));
        list(text, "inputs", said.inputs(), said.journal()::done);
        list(text, "failed", said.inputs(), said.journal()::failed);
        text.append(more.isEmpty() ? "\n}" : "," + Json.text(more).substring(1)).append('\n');
    }

    private static void list(
            Appendable text,
            String name,
            Iterable<Path> inputs,
            Function<Path, Optional<String>> lines)
            throws IOException {
        text.append(",\n  \"").append(name).append("\": [");
        boolean any = false;
        for (Path input : inputs) {
            Optional<String> line = lines.apply(input);
            if (line.isPresent()) {
                text.append(any ? ",\n    " : "\n    ").append(Json.indented(line.get(), 2));
                any = true;
            }
        }
        text.append(any ? "\n  ]" : "]");
    }

    private static String without(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
