package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Copy what the network returned for a batch, and what the targets make of it.
 *
 * @param items the size of the batch
 * @param labels the names of the classes
 * @param reader how the boxes of a detector are read
 */
record Returned(
        Layers layers, List<Target> targets, int items, List<String> labels, BoxReader reader) {

    /** Return the facts of a pass, without attributions. */
    Facts facts(Pass pass, List<Prepared> seen) {
        Map<String, Values> outputs = new LinkedHashMap<>();
        List<Graph.Result> results = layers.graph().outputs();
        for (int i = 0; i < results.size(); i++) {
            NDArray array = pass.outputs().get(i);
            Axes axes = layers.type(results.get(i).value()).axes();
            String name = results.get(i).name();
            for (int n = 2; outputs.containsKey(name); n++) {
                name = results.get(i).name() + "#" + n;
            }
            outputs.put(name, Values.copyOf(array, axes));
        }
        List<Values> values = List.copyOf(outputs.values());
        ClassVector classes = ClassVector.of(layers, values, items, labels);
        List<Scored> scored = new ArrayList<>();
        for (Target target : targets) {
            scored.add(scored(pass, target));
        }
        return new Facts(
                items, outputs, classes, boxes(values, seen), scored, Map.of(), List.of(), seen);
    }

    /** Return the boxes of each item; none if the network is no detector. */
    private List<BoxesOfItem> boxes(List<Values> outputs, List<Prepared> seen) {
        return Detector.recognise(layers, reader.anchors()).detector().stream()
                .flatMap(
                        detector ->
                                IntStream.range(0, items)
                                        .mapToObj(n -> boxes(detector, outputs, seen, n)))
                .toList();
    }

    private BoxesOfItem boxes(
            Detector detector, List<Values> outputs, List<Prepared> seen, int item) {
        int classes = detector.heads().get(0).classes();
        if (!labels.isEmpty() && labels.size() != classes) {
            throw LabelCount.refused(layers.model(), labels, Integer.toString(classes));
        }
        BoxReader how = reader;
        List<String> names = labels;
        return new BoxesOfItem(
                () -> Detection.of(how.boxes(detector, outputs, item), detector, names, seen, item),
                targets);
    }

    private Scored scored(Pass pass, Target target) {
        NDArray score = pass.score(target);
        if (score.getShape().dimension() != 1 || score.getShape().get(0) != items) {
            throw VitrailException.usage(
                    "target '"
                            + target.spelling()
                            + "' gives shape "
                            + score.getShape()
                            + "; it must give one score an item, ("
                            + items
                            + ")");
        }
        List<Long> classes = Arrays.stream(pass.classes(target)).boxed().toList();
        List<String> names =
                labels.isEmpty()
                        ? List.of()
                        : classes.stream().map(one -> Classes.name(labels, one)).toList();
        return new Scored(target.spelling(), classes, names, Values.copyOf(score, Axes.NONE));
    }
}
