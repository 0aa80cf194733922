package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Make targets of their spellings, for one batch.
 *
 * @param layers of the network as it runs on this batch
 * @param score what is explained of a class
 * @param labels the names of the classes
 * @param boxes how the boxes of a detector are read
 * @param items where this batch stands among all items
 * @param forms how targets can be spelled
 */
record Targets(
        Layers layers,
        Score score,
        List<String> labels,
        BoxReader boxes,
        Items items,
        TargetForms forms) {

    /** A range of all items, whose number may be -1: only the end will tell. */
    record Items(int first, int count, int total) {}

    /** Return the targets, in order; two of one name get different ones. */
    List<Target> bind(List<Wanted> wanted) {
        Map<String, Target> bound = new LinkedHashMap<>();
        for (Wanted one : wanted) {
            if (one instanceof Wanted.Spelled spelled) {
                for (String spelling : ranks(spelled.spelling())) {
                    bound.computeIfAbsent(spelling, this::spelled);
                }
            } else if (one instanceof Wanted.Given given) {
                String name = given.target().spelling();
                for (int n = 2; bound.containsKey(name); n++) {
                    name = given.target().spelling() + "#" + n;
                }
                bound.put(name, new NamedTarget(given.target(), name));
            }
        }
        return List.copyOf(bound.values());
    }

    /** {@code top:R} stands for R targets, each of which is known by its own name. */
    private List<String> ranks(String text) {
        TargetSpelling spelling = parsed(text);
        if (!spelling.head().equals("top")) {
            return List.of(text);
        }
        String place =
                text.substring(0, text.length() - "top:".length() - spelling.rest().length());
        ClassTarget last = (ClassTarget) spelled(place + "rank:" + spelling.rest());
        List<String> ranks = new ArrayList<>();
        for (int rank = 1; rank <= last.rank(); rank++) {
            ranks.add(place + "rank:" + rank);
        }
        return ranks;
    }

    private TargetSpelling parsed(String text) {
        return TargetSpelling.parse(
                text, forms, name -> outputs().find(name) >= 0, layers.names()::contains);
    }

    private Target spelled(String text) {
        TargetSpelling spelling = parsed(text);
        return forms.find(spelling.head())
                .<Target>map(form -> PluggedTarget.of(form, new PluggedQuestion(this, spelling)))
                .orElseGet(() -> builtIn(spelling));
    }

    /** Return the target of a form that is built in. */
    Target builtIn(TargetSpelling spelling) {
        return switch (spelling.head()) {
            case "predicted", "rank", "class", "label" -> classTarget(spelling);
            case "top" ->
                    throw VitrailException.usage(
                            "target '"
                                    + spelling.whole()
                                    + "': top:R stands for several targets; ask for rank:1, rank:2,"
                                    + " ...");
            case "sum" -> sum(spelling);
            case "yolo", "yolo-raw" -> new YoloTargets(this, outputs()).of(spelling);
            case "box" -> new YoloTargets(this, outputs()).box(spelling);
            default -> atLayer(spelling);
        };
    }

    NamedOutputs outputs() {
        return new NamedOutputs(layers);
    }

    private Target classTarget(TargetSpelling spelling) {
        ClassReading reading;
        if (spelling.place() == TargetSpelling.Place.LAYER) {
            Layer layer = layers.get(spelling.name());
            checkClassVector(spelling, layer.type(), "layer '" + layer.name() + "'");
            reading = ClassReading.ofLayer(layer);
        } else {
            int output = outputs().indexOf(spelling);
            Graph.Result result = layers.graph().outputs().get(output);
            checkClassVector(
                    spelling, layers.type(result.value()), "output '" + result.name() + "'");
            reading = ClassReading.ofOutput(layers, output);
        }
        Classes classes = new Classes(layers.model(), labels, reading.classes(), "class");
        List<Long> chosen =
                switch (spelling.head()) {
                    case "predicted", "rank" -> List.of();
                    case "class" -> itemsOwn(spelling, classes.numbers(spelling));
                    default -> List.of(classes.labelled(spelling.rest()));
                };
        return new ClassTarget(
                spelling.whole(), reading, score, chosen, rank(spelling, reading.classes()));
    }

    private int rank(TargetSpelling spelling, long classes) {
        if (!spelling.head().equals("rank")) {
            return 1;
        }
        String text = spelling.rest();
        if (!text.matches("[1-9][0-9]{0,8}") || Long.parseLong(text) > classes) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "': no rank '"
                            + text
                            + "'; "
                            + layers.model()
                            + " has "
                            + classes
                            + " classes, rank 1 to "
                            + classes);
        }
        return Integer.parseInt(text);
    }

    private List<Long> itemsOwn(TargetSpelling spelling, List<Long> chosen) {
        if (chosen.size() == 1) {
            return chosen;
        }
        if (items.total() < 0) {
            throw VitrailException.usage(
                    spelling.whole()
                            + ": "
                            + chosen.size()
                            + " classes for inputs of which only the end will tell how many they"
                            + " are; give one for all");
        }
        if (chosen.size() != items.total()) {
            throw VitrailException.usage(
                    spelling.whole()
                            + ": "
                            + chosen.size()
                            + " classes for "
                            + items.total()
                            + (items.total() == 1 ? " item" : " items")
                            + "; give one for all or one an item");
        }
        return chosen.subList(items.first(), items.first() + items.count());
    }

    private void checkClassVector(TargetSpelling spelling, ArrayType type, String what) {
        if (type.shape().dimension() == 2 && startsWithBatch(type)) {
            return;
        }
        throw VitrailException.usage(
                layers.model()
                        + ": target '"
                        + spelling.whole()
                        + "' needs a class vector (N, classes), but "
                        + what
                        + " has shape "
                        + type.shape()
                        + "\n  targets that fit: "
                        + String.join(", ", fitting()));
    }

    private List<String> fitting() {
        List<String> fitting = new ArrayList<>();
        for (Graph.Result output : layers.graph().outputs()) {
            if (layers.type(output.value()).shape().dimension() == 2) {
                fitting.add("output:" + output.name() + "/predicted");
            }
        }
        fitting.addAll(List.of("sum", "layer:LAYER", "channel:LAYER:K", "neuron:LAYER:i,j,k"));
        if (new YoloTargets(this, outputs()).fits()) {
            fitting.addAll(List.of("yolo", "yolo:K", "yolo-raw", "box:N"));
        }
        return fitting;
    }

    private Target sum(TargetSpelling spelling) {
        Source source;
        if (spelling.place() == TargetSpelling.Place.LAYER) {
            Layer layer = layers.get(spelling.name());
            checkBatch(spelling, layer.type(), "layer '" + layer.name() + "'");
            source = Source.of(layer);
        } else {
            int output = outputs().indexOf(spelling);
            Graph.Result result = layers.graph().outputs().get(output);
            checkBatch(spelling, layers.type(result.value()), "output '" + result.name() + "'");
            source = new Source.Output(output);
        }
        return new FormulaTarget(
                spelling.whole(),
                List.of(source),
                (NDList values) -> FormulaTarget.sum(values.head()));
    }

    private Target atLayer(TargetSpelling spelling) {
        if (spelling.place() != TargetSpelling.Place.NONE) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "': "
                            + spelling.head()
                            + ": names its own layer, leave the prefix out");
        }
        LayerTarget parts = LayerTarget.parse(spelling);
        Layer layer = layers.get(parts.layer());
        checkBatch(spelling, layer.type(), "layer '" + layer.name() + "'");
        return parts.bind(spelling.whole(), layer);
    }

    private void checkBatch(TargetSpelling spelling, ArrayType type, String what) {
        if (!startsWithBatch(type)) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "' needs one score an item, but the first axis of "
                            + what
                            + " "
                            + type.shape()
                            + " is not the batch of "
                            + items.count());
        }
    }

    /** A free size may be that of the batch. */
    private boolean startsWithBatch(ArrayType type) {
        return type.shape().dimension() > 0
                && (type.shape().get(0) == items.count() || type.shape().get(0) < 0);
    }
}
