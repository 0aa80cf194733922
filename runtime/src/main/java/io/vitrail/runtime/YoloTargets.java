package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Layer;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * Make the targets of YOLO detectors.
 *
 * @param targets what is known of the network
 * @param outputs of the network
 */
record YoloTargets(Targets targets, NamedOutputs outputs) {
    private static final int BEFORE_CLASSES = Detector.BEFORE_CLASSES;

    /** An output or layer that is read as a detector's. */
    private record Read(Source source, ArrayType type, String name, boolean sigmoid) {}

    /** Return whether the first output has the channels of a detector. */
    boolean fits() {
        return problem().isEmpty();
    }

    /** Return why the first output is not that of a detector; empty if it is. */
    String problem() {
        return problem(output(0));
    }

    Target of(TargetSpelling spelling) {
        boolean raw = spelling.head().equals("yolo-raw");
        List<Read> read = new ArrayList<>();
        if (spelling.place() == TargetSpelling.Place.LAYER) {
            Layer layer = targets.layers().get(spelling.name());
            boolean ends = layer.operator() instanceof Operator.Sigmoid;
            read.add(new Read(Source.of(layer), layer.type(), layer.name(), !ends));
        } else if (spelling.place() == TargetSpelling.Place.OUTPUT || raw) {
            read.add(output(outputs.indexOf(spelling)));
        } else {
            for (int i = 0; i < targets.layers().graph().outputs().size(); i++) {
                read.add(output(i));
            }
        }
        return raw ? raw(spelling, read.get(0)) : boxes(spelling, read);
    }

    /** Return the target {@code box:N}. */
    Target box(TargetSpelling spelling) {
        if (spelling.place() != TargetSpelling.Place.NONE) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "': the boxes of all outputs are counted together, leave the prefix"
                            + " out");
        }
        if (!spelling.rest().matches("[0-9]{1,9}")) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "': write box:N, from box:0 on, the box with the highest score");
        }
        Detector.Recognition looked =
                Detector.recognise(targets.layers(), targets.boxes().anchors());
        Detector detector =
                looked.detector()
                        .orElseThrow(
                                () ->
                                        VitrailException.usage(
                                                targets.layers().model()
                                                        + ": target '"
                                                        + spelling.whole()
                                                        + "' needs a detector: "
                                                        + looked.problem()));
        return new BoxTarget(
                targets.layers().model(),
                spelling.whole(),
                detector,
                targets.boxes(),
                Integer.parseInt(spelling.rest()),
                List.of());
    }

    private Target raw(TargetSpelling spelling, Read read) {
        int axis = read.type.axes().channel();
        if (axis < 1 || read.type.shape().get(axis) <= BEFORE_CLASSES) {
            throw refused(spelling, read, "it needs more than 5 channels");
        }
        return new YoloScore(
                spelling.whole(),
                List.of(read.source),
                -1,
                values -> YoloTarget.raw(values.head(), axis));
    }

    private Target boxes(TargetSpelling spelling, List<Read> read) {
        List<YoloTarget> parts = new ArrayList<>();
        long which = -1;
        for (Read one : read) {
            String problem = problem(one);
            if (!problem.isEmpty()) {
                throw refused(spelling, one, problem);
            }
            int axis = one.type.axes().channel();
            long classes = one.type.shape().get(axis) / boxesOfCell() - BEFORE_CLASSES;
            if (!targets.labels().isEmpty() && targets.labels().size() != classes) {
                throw LabelCount.refused(
                        targets.layers().model(), targets.labels(), Long.toString(classes));
            }
            which = which(spelling, classes);
            parts.add(new YoloTarget(axis, boxesOfCell(), which, one.sigmoid));
        }
        return new YoloScore(
                spelling.whole(),
                read.stream().map(Read::source).toList(),
                which,
                values -> {
                    NDArray total = parts.get(0).score(values.get(0));
                    for (int i = 1; i < parts.size(); i++) {
                        total = total.add(parts.get(i).score(values.get(i)));
                    }
                    return total;
                });
    }

    private long which(TargetSpelling spelling, long count) {
        String rest = spelling.rest();
        if (rest.isEmpty()) {
            return -1;
        }
        Classes classes = new Classes(targets.layers().model(), targets.labels(), count, "yolo");
        return rest.matches("[0-9]+")
                ? classes.number(spelling.whole(), rest)
                : classes.labelled(rest);
    }

    private Read output(int index) {
        Graph.Result result = targets.layers().graph().outputs().get(index);
        boolean ends =
                targets.layers()
                        .finalActivation(index)
                        .filter(layer -> layer.operator() instanceof Operator.Sigmoid)
                        .isPresent();
        return new Read(
                new Source.Output(index),
                targets.layers().type(result.value()),
                result.name(),
                !ends);
    }

    private String problem(Read read) {
        int axis = read.type.axes().channel();
        int rank = read.type.shape().dimension();
        if (rank < 3 || axis != 1 && axis != rank - 1) {
            return "it needs a grid of cells with channels";
        }
        long channels = read.type.shape().get(axis);
        return channels % boxesOfCell() == 0 && channels / boxesOfCell() > BEFORE_CLASSES
                ? ""
                : channels
                        + " channels are not "
                        + boxesOfCell()
                        + " boxes x (5 + classes); say how many boxes with \"anchors\" in a"
                        + " sidecar";
    }

    private int boxesOfCell() {
        return targets.boxes().anchors().boxesOfCell(targets.layers().graph().outputs().size());
    }

    private VitrailException refused(TargetSpelling spelling, Read read, String why) {
        return VitrailException.usage(
                targets.layers().model()
                        + ": target '"
                        + spelling.whole()
                        + "' does not fit '"
                        + read.name
                        + "' of shape "
                        + read.type.shape()
                        + ": "
                        + why);
    }
}
