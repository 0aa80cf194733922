package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a plugin's form of targets is asked for. */
record PluggedQuestion(Targets targets, TargetSpelling asked) implements TargetForm.Question {
    /** They name a layer of their own, so that a prefix is not theirs. */
    private static final Set<String> ELSEWHERE = Set.of("layer", "channel", "neuron");

    @Override
    public String spelling() {
        return asked.whole();
    }

    @Override
    public String rest() {
        return asked.rest();
    }

    @Override
    public Layers layers() {
        return targets.layers();
    }

    @Override
    public Source source() {
        return asked.place() == TargetSpelling.Place.LAYER
                ? Source.of(layer())
                : new Source.Output(targets.outputs().indexOf(asked));
    }

    @Override
    public ArrayType type() {
        return asked.place() == TargetSpelling.Place.LAYER
                ? layer().type()
                : layers().type(output());
    }

    private Layer layer() {
        return layers().get(asked.name());
    }

    private Value output() {
        return layers().graph().outputs().get(targets.outputs().indexOf(asked)).value();
    }

    @Override
    public List<String> labels() {
        return targets.labels();
    }

    @Override
    public Target combined(List<String> spellings, Function<NDList, NDArray> formula) {
        List<Target> parts = new ArrayList<>();
        for (String form : spellings) {
            if (!TargetForms.BUILT_IN.isForm(form)) {
                throw VitrailException.failure(
                        "target '"
                                + spelling()
                                + "' is made of '"
                                + form
                                + "', which is no form that is built in\n  all:     "
                                + String.join(", ", TargetForms.BUILT_IN.all()));
            }
            TargetSpelling part = asked.alike(form);
            parts.add(
                    targets.builtIn(
                            ELSEWHERE.contains(part.head())
                                    ? new TargetSpelling(
                                            spelling(),
                                            TargetSpelling.Place.NONE,
                                            "",
                                            part.head(),
                                            part.rest())
                                    : part));
        }
        return new CombinedTarget(spelling(), parts, formula);
    }
}
