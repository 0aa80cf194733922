package io.vitrail.runtime;

import io.vitrail.picture.Resampling;

/**
 * A box where a detector's outputs hold it.
 *
 * @param head the output
 * @param anchor the box of the cell
 * @param cell row by row from the top left
 * @param classIndex the class
 * @param score confidence x class probability, 0 to 1
 * @param box in pixels of the network's input; may reach beyond it
 */
record FoundBox(int head, int anchor, int cell, int classIndex, double score, Resampling.Box box) {

    /** Return the area that two boxes share over the area that they cover together. */
    double overlap(FoundBox other) {
        double width =
                Math.min(box.right(), other.box.right()) - Math.max(box.left(), other.box.left());
        double height =
                Math.min(box.bottom(), other.box.bottom()) - Math.max(box.top(), other.box.top());
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double shared = width * height;
        return shared / (area(box) + area(other.box) - shared);
    }

    private static double area(Resampling.Box box) {
        return box.width() * box.height();
    }
}
