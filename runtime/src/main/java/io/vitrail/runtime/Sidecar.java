package io.vitrail.runtime;

import io.vitrail.api.Layers;
import io.vitrail.api.VitrailException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keep what a model's file does not say, in {@code MODEL.vitrail.json} beside it.
 *
 * @param preprocess how pictures become inputs, as {@code --preprocess} spells it; empty where not
 *     said
 * @param labels the names of the classes; empty where not said
 * @param labelsFile the file that the labels come from, relative to the sidecar's folder; empty
 *     where they stand in the sidecar itself
 * @param layer the layer of CAM methods; empty where not said
 * @param anchors the number of boxes a grid cell of a YOLO detector; 0 where not said, or where
 *     {@code anchorSizes} says it
 * @param shape the shape of the first input, batch included; empty where not said
 * @param anchorSizes the sizes of the boxes of a YOLO detector: one list for all outputs, the
 *     smallest first, or one an output, in order; empty where not said
 */
public record Sidecar(
        String preprocess,
        List<String> labels,
        String labelsFile,
        String layer,
        int anchors,
        List<Long> shape,
        List<List<Anchor>> anchorSizes)
        implements Serializable {

    /** The sidecar that says nothing. */
    public static final Sidecar EMPTY = new Sidecar("", List.of(), "", "", 0, List.of(), List.of());

    public Sidecar {
        labels = List.copyOf(labels);
        shape = List.copyOf(shape);
        anchorSizes = anchorSizes.stream().map(List::copyOf).toList();
        long lengths = anchorSizes.stream().mapToInt(List::size).distinct().count();
        if (lengths > 1 || anchorSizes.stream().anyMatch(List::isEmpty)) {
            throw VitrailException.usage("anchors: give each output as many, 1 or more");
        }
    }

    /** Create a sidecar that says nothing of the sizes of anchors. */
    public Sidecar(
            String preprocess,
            List<String> labels,
            String labelsFile,
            String layer,
            int anchors,
            List<Long> shape) {
        this(preprocess, labels, labelsFile, layer, anchors, shape, List.of());
    }

    /** Return this sidecar with another preprocessing. */
    public Sidecar withPreprocess(String spec) {
        return new Sidecar(spec, labels, labelsFile, layer, anchors, shape, anchorSizes);
    }

    /** Return this sidecar with labels that stand in it. */
    public Sidecar withLabels(List<String> names) {
        return new Sidecar(preprocess, names, "", layer, anchors, shape, anchorSizes);
    }

    /**
     * Return this sidecar with labels that come from a file.
     *
     * @param file as the sidecar names it, relative to its folder or absolute
     */
    public Sidecar withLabelsFile(String file, List<String> names) {
        return new Sidecar(preprocess, names, file, layer, anchors, shape, anchorSizes);
    }

    /** Return this sidecar with another layer. */
    public Sidecar withLayer(String name) {
        return new Sidecar(preprocess, labels, labelsFile, name, anchors, shape, anchorSizes);
    }

    /** Return this sidecar with another number of boxes a cell, 1 or more. */
    public Sidecar withAnchors(int boxes) {
        return new Sidecar(preprocess, labels, labelsFile, layer, boxes, shape, List.of());
    }

    /** Return this sidecar with the sizes of a detector's boxes, which say their number too. */
    public Sidecar withAnchorSizes(List<List<Anchor>> sizes) {
        return new Sidecar(preprocess, labels, labelsFile, layer, 0, shape, sizes);
    }

    /** Return this sidecar with another shape of the first input, batch included. */
    public Sidecar withShape(List<Long> sizes) {
        return new Sidecar(preprocess, labels, labelsFile, layer, anchors, sizes, anchorSizes);
    }

    /** Return where the sidecar of a model's file lies: {@code resnet50.pt.vitrail.json}. */
    public static Path beside(Path model) {
        return model.resolveSibling(model.getFileName() + ".vitrail.json");
    }

    /**
     * Read the sidecar of a model's file, or return {@link #EMPTY} if it has none.
     *
     * @throws VitrailException as {@link #read}
     */
    public static Sidecar of(Path model) {
        Path file = beside(model);
        return Files.exists(file) ? read(file) : EMPTY;
    }

    /**
     * Read a sidecar and the labels file that it names.
     *
     * @throws VitrailException of kind {@code USAGE} if it is no sidecar: not JSON, a key that is
     *     not known, a value of the wrong type
     */
    public static Sidecar read(Path file) {
        return SidecarJson.read(file);
    }

    /**
     * Check that what this sidecar says fits a network.
     *
     * @param layers of the network, for an input of the sidecar's shape
     * @throws VitrailException of kind {@code USAGE} if the layer is unknown or has no space, the
     *     labels are not as many as the classes, or the anchors do not divide the channels
     */
    public void check(Layers layers) {
        if (!layer.isEmpty() && !layers.get(layer).isSpatial()) {
            throw VitrailException.usage(
                    layers.model()
                            + ": layer "
                            + layers.get(layer)
                            + " has no space, which the layer of CAM methods needs\n  all:     vitrail"
                            + " layers "
                            + layers.model());
        }
        LabelCount.check(layers, labels);
        if (anchors > 0 || !anchorSizes.isEmpty()) {
            Targets.Items one = new Targets.Items(0, 1, 1);
            Anchors own = Anchors.of(this);
            BoxReader boxes = new BoxReader(own, 0, 1);
            Targets targets =
                    new Targets(layers, Score.LOGIT, labels, boxes, one, TargetForms.BUILT_IN);
            String problem = new YoloTargets(targets, targets.outputs()).problem();
            if (!problem.isEmpty()) {
                throw VitrailException.usage(
                        layers.model()
                                + ": anchors "
                                + own.boxesOfCell(layers.graph().outputs().size())
                                + " do not fit the output "
                                + layers.type(layers.graph().outputs().get(0).value()).shape()
                                + ": "
                                + problem);
            }
        }
    }

    /**
     * Write this sidecar; the file is written beside and then moved.
     *
     * @throws VitrailException of kind {@code USAGE} if it cannot be written
     */
    public void write(Path file) {
        SidecarJson.write(this, file);
    }
}
