package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.BlockFormat;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.NearestNames;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.List;

/** Every method, format, engine, reader of blocks and form of targets that was found. */
record Panes(
        List<Pane<AttributionMethod>> methods,
        List<Pane<ModelFormat>> formats,
        List<Pane<Engine>> engines,
        List<Pane<BlockFormat>> blocks,
        List<Pane<TargetForm>> targets) {

    /** What a caller fits by hand. */
    record Added(
            List<AttributionMethod> methods,
            List<ModelFormat> formats,
            List<Engine> engines,
            List<TargetForm> targets) {
        Added() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    static Panes find(Added added) {
        ClassLoader loader = Panes.class.getClassLoader();
        return new Panes(
                Discovery.find(
                        AttributionMethod.class, AttributionMethod::id, added.methods, loader),
                Discovery.find(ModelFormat.class, ModelFormat::id, added.formats, loader),
                Discovery.find(Engine.class, Engine::name, added.engines, loader),
                Discovery.find(BlockFormat.class, BlockFormat::id, List.of(), loader),
                TargetForms.checked(
                        Discovery.find(TargetForm.class, TargetForm::head, added.targets, loader)));
    }

    TargetForms forms() {
        return new TargetForms(targets);
    }

    AttributionMethod method(String id) {
        return get("method", id, methods);
    }

    Engine engine(String name) {
        return get("engine", name, engines);
    }

    /** Return the panes that are whole. */
    static <T> List<Pane.Whole<T>> whole(List<Pane<T>> panes) {
        List<Pane.Whole<T>> whole = new ArrayList<>();
        for (Pane<T> pane : panes) {
            if (pane instanceof Pane.Whole<T> sound) {
                whole.add(sound);
            }
        }
        return whole;
    }

    private static <T> T get(String what, String id, List<Pane<T>> panes) {
        List<String> known = new ArrayList<>();
        StringBuilder broken = new StringBuilder();
        for (Pane<T> pane : panes) {
            if (pane instanceof Pane.Whole<T> whole) {
                if (whole.id().equals(id)) {
                    return whole.service();
                }
                known.add(whole.id());
            } else if (pane instanceof Pane.Broken<T> failed) {
                broken.append("\n  broken:  ").append(failed.said());
            }
        }
        List<String> nearest = NearestNames.of(id, known);
        throw VitrailException.usage(
                "no "
                        + what
                        + " '"
                        + id
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  all:     "
                        + (known.isEmpty() ? "none is installed" : String.join(", ", known))
                        + broken);
    }
}
