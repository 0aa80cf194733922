package io.vitrail.demo;

/**
 * A shape in a scene.
 *
 * @param label its class: the index into {@link Demo#labels()}
 * @param mask its visible pixels, row by row, one entry a pixel of the scene
 */
public record Item(int label, boolean[] mask) {
    public Item {
        mask = mask.clone();
    }

    @Override
    public boolean[] mask() {
        return mask.clone();
    }

    /** Return how many pixels of it are visible. */
    public int pixels() {
        int count = 0;
        for (boolean inside : mask) {
            count += inside ? 1 : 0;
        }
        return count;
    }
}
