package io.vitrail.runtime;

import io.vitrail.picture.Placement;
import io.vitrail.picture.Prepared;
import io.vitrail.picture.Resampling;
import java.util.ArrayList;
import java.util.List;

/**
 * A box that a detector predicts.
 *
 * @param number its place among the boxes of the item, the best first, from 0: the target {@code
 *     box:N} explains it
 * @param classIndex the class, from 0
 * @param label its name; empty where it has none
 * @param score confidence x class probability, 0 to 1
 * @param box in pixels of the picture as its file has it, or of the network's input where that was
 *     an array; cut at its borders
 */
public record Detection(
        int number, long classIndex, String label, double score, Resampling.Box box) {

    /** Return the boxes of an item as its picture shows them. */
    static List<Detection> of(
            List<FoundBox> found,
            Detector detector,
            List<String> labels,
            List<Prepared> seen,
            int item) {
        Placement placement =
                seen.isEmpty()
                        ? Placement.stretched(
                                detector.width(),
                                detector.height(),
                                detector.width(),
                                detector.height())
                        : seen.get(item).placement();
        List<Detection> detections = new ArrayList<>();
        for (FoundBox one : found) {
            detections.add(
                    new Detection(
                            detections.size(),
                            one.classIndex(),
                            Classes.name(labels, one.classIndex()),
                            one.score(),
                            inPicture(one.box(), placement)));
        }
        return List.copyOf(detections);
    }

    private static Resampling.Box inPicture(Resampling.Box box, Placement placement) {
        return new Resampling.Box(
                x(box.left(), placement),
                y(box.top(), placement),
                x(box.right(), placement),
                y(box.bottom(), placement));
    }

    private static double x(double x, Placement placement) {
        double whole = (x - placement.offsetX()) / placement.scaleX();
        return Math.min(Math.max(whole, 0), placement.pictureWidth());
    }

    private static double y(double y, Placement placement) {
        double whole = (y - placement.offsetY()) / placement.scaleY();
        return Math.min(Math.max(whole, 0), placement.pictureHeight());
    }
}
