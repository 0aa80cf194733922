package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Try a form of targets, without the runtime.
 *
 * <p>It knows the prefixes {@code output:INDEX/} and {@code at:LAYER/}, and the forms {@code
 * class:K}, {@code label:TEXT} and {@code sum} for those that are made of others; a class is its
 * logit.
 *
 * @param form what is tried
 * @param labels the names of the classes; empty where they have none
 */
public record TargetTrial(TargetForm form, List<String> labels) {
    public TargetTrial {
        labels = List.copyOf(labels);
    }

    /** Create a trial without labels. */
    public static TargetTrial of(TargetForm form) {
        return new TargetTrial(form, List.of());
    }

    /** Return this trial with names for the classes. */
    public TargetTrial labelled(String... names) {
        return new TargetTrial(form, List.of(names));
    }

    /** Return the target of a spelling: {@code at:logits/margin:0,1}. */
    public Target bind(String spelling, Layers layers) {
        Asked asked = Asked.of(spelling, layers, labels);
        Target target = form.bind(asked);
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                return target.score(values);
            }

            @Override
            public List<Source> sources() {
                return target.sources().isEmpty() ? List.of(asked.source) : target.sources();
            }

            @Override
            public String spelling() {
                return spelling;
            }

            @Override
            public long[] classes(NDList values) {
                return target.classes(values);
            }
        };
    }

    /** Return the score of each item of a batch. */
    public double[] scores(String spelling, Model model, NDList inputs) {
        Target target = bind(spelling, model.layers(inputs));
        try (Pass pass = model.run(Probe.outputsOnly().reading(target), inputs)) {
            return Values.copyOf(pass.score(target), Axes.NONE).toDoubles();
        }
    }

    private record Asked(
            String spelling,
            String rest,
            Layers layers,
            Source source,
            ArrayType type,
            List<String> labels)
            implements TargetForm.Question {

        static Asked of(String spelling, Layers layers, List<String> labels) {
            int slash =
                    spelling.startsWith("at:") || spelling.startsWith("output:")
                            ? spelling.lastIndexOf('/')
                            : -1;
            String prefix = spelling.substring(0, Math.max(slash, 0));
            String form = spelling.substring(slash + 1);
            String rest = form.contains(":") ? form.substring(form.indexOf(':') + 1) : "";
            String place = prefix.substring(prefix.indexOf(':') + 1);
            if (prefix.startsWith("at:")) {
                Layer layer = layers.get(place);
                return new Asked(spelling, rest, layers, Source.of(layer), layer.type(), labels);
            }
            int output = place.isEmpty() ? 0 : Integer.parseInt(place);
            ArrayType type = layers.type(layers.graph().outputs().get(output).value());
            return new Asked(spelling, rest, layers, new Source.Output(output), type, labels);
        }

        @Override
        public Target combined(List<String> forms, Function<NDList, NDArray> formula) {
            List<Target> parts = new ArrayList<>();
            forms.forEach(part -> parts.add(part(part)));
            List<Source> sources = parts.stream().flatMap(part -> part.sources().stream()).toList();
            return new Target() {
                @Override
                public NDArray score(NDList values) {
                    NDList scores = new NDList();
                    for (int i = 0; i < parts.size(); i++) {
                        scores.add(parts.get(i).score(new NDList(values.get(i))));
                    }
                    return formula.apply(scores);
                }

                @Override
                public List<Source> sources() {
                    return sources;
                }

                @Override
                public long[] classes(NDList values) {
                    return parts.isEmpty()
                            ? new long[0]
                            : parts.get(0).classes(new NDList(values.get(0)));
                }
            };
        }

        private Target part(String part) {
            String head = part.contains(":") ? part.substring(0, part.indexOf(':')) : part;
            String word = part.substring(part.indexOf(':') + 1);
            return switch (head) {
                case "class" -> Targets.classIndex(logits(), number(word));
                case "label" -> Targets.classIndex(logits(), labelled(word));
                case "sum" -> Targets.sumOf(source);
                default ->
                        throw VitrailException.usage(
                                "target '" + spelling + "': a trial knows no '" + part + "'");
            };
        }

        private Source logits() {
            if (type.shape().dimension() != 2) {
                throw VitrailException.usage(
                        "target '" + spelling + "' needs a class vector, but it is about " + type);
            }
            return source instanceof Source.Output output
                    ? layers.finalActivation(output.index())
                            .<Source>map(layer -> new Source.At(layer.inputs().get(0)))
                            .orElse(source)
                    : source;
        }

        private long number(String word) {
            if (!word.matches("[0-9]{1,9}") || Long.parseLong(word) >= type.shape().get(1)) {
                throw VitrailException.usage(
                        "target '" + spelling + "': no class '" + word + "' in " + type);
            }
            return Long.parseLong(word);
        }

        private long labelled(String word) {
            if (!labels.contains(word)) {
                throw VitrailException.usage(
                        "target '" + spelling + "': no class is called '" + word + "': " + labels);
            }
            return labels.indexOf(word);
        }
    }
}
