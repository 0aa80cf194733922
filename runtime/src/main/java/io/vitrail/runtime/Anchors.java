package io.vitrail.runtime;

import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The boxes that a YOLO detector has at each cell.
 *
 * @param boxes how many; 0 where not said
 * @param sizes one list for all outputs, the smallest first, or one an output; empty where not said
 */
record Anchors(int boxes, List<List<Anchor>> sizes) {
    static final Anchors NONE = new Anchors(0, List.of());

    private static final int USUAL_BOXES = 3;

    /** YOLOv3, for strides 8, 16 and 32. */
    private static final List<List<Anchor>> YOLO3 =
            List.of(
                    List.of(new Anchor(10, 13), new Anchor(16, 30), new Anchor(33, 23)),
                    List.of(new Anchor(30, 61), new Anchor(62, 45), new Anchor(59, 119)),
                    List.of(new Anchor(116, 90), new Anchor(156, 198), new Anchor(373, 326)));

    /**
     * YOLOv3-tiny, for strides 16 and 32. The published weights were trained with the second to the
     * fourth of six at stride 16, so one size is used twice and the smallest never.
     */
    private static final List<List<Anchor>> TINY =
            List.of(
                    List.of(new Anchor(23, 27), new Anchor(37, 58), new Anchor(81, 82)),
                    List.of(new Anchor(81, 82), new Anchor(135, 169), new Anchor(344, 319)));

    static Anchors of(Sidecar sidecar) {
        return new Anchors(sidecar.anchors(), sidecar.anchorSizes());
    }

    /**
     * Return how many boxes a cell has; 3 where the sidecar says nothing.
     *
     * @param outputs how many outputs the network has
     */
    int boxesOfCell(int outputs) {
        if (sizes.isEmpty()) {
            return boxes > 0 ? boxes : USUAL_BOXES;
        }
        int all = sizes.stream().mapToInt(List::size).sum();
        if (all % outputs != 0 || sizes.size() > 1 && sizes.size() != outputs) {
            throw VitrailException.usage(
                    "sidecar: "
                            + (sizes.size() > 1
                                    ? sizes.size() + " lists of anchors"
                                    : all + " anchors")
                            + " for "
                            + outputs
                            + (outputs == 1 ? " output" : " outputs")
                            + "; give each output as many");
        }
        return all / outputs;
    }

    /**
     * Return the sizes of the boxes of each output; empty where they are not known.
     *
     * @param strides pixels of the input for a cell of each output
     */
    List<List<Anchor>> ofOutputs(long[] strides) {
        if (sizes.size() == strides.length) {
            return sizes;
        }
        List<List<Anchor>> bySize;
        int each = boxesOfCell(strides.length);
        if (!sizes.isEmpty()) {
            bySize =
                    IntStream.range(0, strides.length)
                            .mapToObj(i -> sizes.get(0).subList(i * each, (i + 1) * each))
                            .toList();
        } else if (each == USUAL_BOXES && strides.length == YOLO3.size()) {
            bySize = YOLO3;
        } else if (each == USUAL_BOXES && strides.length == TINY.size()) {
            bySize = TINY;
        } else {
            return List.of();
        }
        long[] ascending = Arrays.stream(strides).sorted().distinct().toArray();
        if (ascending.length < strides.length) {
            return List.of(); // two outputs of one grid: nobody knows which is which
        }
        List<List<Anchor>> ofOutputs = new ArrayList<>();
        for (long stride : strides) {
            ofOutputs.add(bySize.get(Arrays.binarySearch(ascending, stride)));
        }
        return ofOutputs;
    }
}
