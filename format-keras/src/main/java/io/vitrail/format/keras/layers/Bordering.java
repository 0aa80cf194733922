package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Zeros around space, and cropping; one number for all sides, one an axis, or one a side. */
final class Bordering implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of(
                "ZeroPadding1D",
                "ZeroPadding2D",
                "ZeroPadding3D",
                "Cropping1D",
                "Cropping2D",
                "Cropping3D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        int axes = Windows.spatialAxes(layer);
        Value x = layer.input();
        Windows.sizes(layer, x, axes);
        boolean pads = layer.config().className().startsWith("Zero");
        List<Long> sides = sides(layer, pads ? "padding" : "cropping", axes);
        List<Long> before = new ArrayList<>(Collections.nCopies(axes + 2, 0L));
        List<Long> after = new ArrayList<>(before);
        int first = layer.layout() == Layout.CHANNELS_FIRST ? 2 : 1;
        for (int i = 0; i < axes; i++) {
            before.set(first + i, sides.get(2 * i));
            after.set(first + i, sides.get(2 * i + 1));
        }
        return List.of(
                layer.add(
                        pads
                                ? new Operator.Pad(before, after, 0)
                                : new Operator.Crop(before, after),
                        x));
    }

    /** Return two numbers an axis, in front and behind. */
    private static List<Long> sides(LayerBuilder layer, String key, int axes) {
        List<Double> given = layer.config().has(key) ? layer.config().numbers(key) : List.of(1.0);
        List<Long> sides = new ArrayList<>();
        for (int i = 0; i < 2 * axes; i++) {
            int from = given.size() == 2 * axes ? i : given.size() == axes ? i / 2 : 0;
            double side = given.isEmpty() ? -1 : given.get(from);
            boolean fits = List.of(1, axes, 2 * axes).contains(given.size());
            if (!fits || side < 0 || side != Math.rint(side) || side > Integer.MAX_VALUE) {
                throw layer.refusal(
                        "has " + key + " " + given + " for " + axes + " axes",
                        "whole numbers from 0 are known, one an axis or one a side");
            }
            sides.add((long) side);
        }
        return sides;
    }
}
