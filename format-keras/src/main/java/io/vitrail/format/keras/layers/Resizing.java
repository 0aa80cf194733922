package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Resize.Interpolation;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Bring space to other sizes: by factors, to a size, or cut out of the centre. */
final class Resizing implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("UpSampling1D", "UpSampling2D", "UpSampling3D", "Resizing", "CenterCrop");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.input();
        return List.of(
                switch (layer.config().className()) {
                    case "Resizing" -> resizing(layer, x);
                    case "CenterCrop" -> centre(layer, x);
                    default -> upSample(layer, x);
                });
    }

    private static Value upSample(LayerBuilder layer, Value x) {
        int axes = Windows.spatialAxes(layer);
        List<Long> sizes = new ArrayList<>(Windows.sizes(layer, x, axes));
        List<Long> factors = Windows.each(layer, "size", axes, List.of(2L));
        for (int i = 0; i < axes; i++) {
            sizes.set(i, Math.multiplyExact(sizes.get(i), factors.get(i)));
        }
        return resize(layer, x, sizes, interpolation(layer, "nearest"));
    }

    private static Interpolation interpolation(LayerBuilder layer, String otherwise) {
        String name = layer.config().string("interpolation", otherwise);
        return switch (name) {
            case "nearest" -> Interpolation.NEAREST;
            case "bilinear" -> Interpolation.BILINEAR;
            default ->
                    throw layer.refusal(
                            "has the interpolation '" + name + "', which is not read",
                            "nearest and bilinear are known");
        };
    }

    private static Value resize(
            LayerBuilder layer, Value x, List<Long> sizes, Interpolation interpolation) {
        boolean antialias =
                interpolation == Interpolation.BILINEAR && layer.config().flag("antialias", false);
        return Windows.sizes(layer, x, sizes.size()).equals(sizes)
                ? layer.add(new Operator.Identity(), x)
                : layer.add(
                        new Operator.Resize(sizes, interpolation, antialias, layer.layout()), x);
    }

    private static Value resizing(LayerBuilder layer, Value x) {
        Interpolation interpolation = interpolation(layer, "bilinear");
        List<Long> target = target(layer);
        Value fitted = x;
        if (layer.config().flag("crop_to_aspect_ratio", false)) {
            fitted = toAspect(layer, x, target, false);
        } else if (layer.config().flag("pad_to_aspect_ratio", false)) {
            fitted = toAspect(layer, x, target, true);
        }
        return resize(layer, fitted, target, interpolation);
    }

    private static List<Long> target(LayerBuilder layer) {
        List<Long> target =
                List.of(layer.config().integer("height"), layer.config().integer("width"));
        if (target.stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
            throw layer.refusal("has the size " + target, "sizes are numbers from 1");
        }
        return target;
    }

    /** What is smaller than the window in either direction is resized, cut to its aspect. */
    private static Value centre(LayerBuilder layer, Value x) {
        List<Long> target = target(layer);
        List<Long> sizes = Windows.sizes(layer, x, 2);
        if (sizes.get(0) >= target.get(0) && sizes.get(1) >= target.get(1)) {
            return cut(layer, x, sizes, target);
        }
        return resize(layer, toAspect(layer, x, target, false), target, Interpolation.BILINEAR);
    }

    /** Cut to the aspect of a target, or add a border up to it. */
    private static Value toAspect(LayerBuilder layer, Value x, List<Long> target, boolean pad) {
        List<Long> sizes = Windows.sizes(layer, x, 2);
        long height = sizes.get(1) * target.get(0) / target.get(1);
        long width = sizes.get(0) * target.get(1) / target.get(0);
        if (!pad) {
            return cut(
                    layer,
                    x,
                    sizes,
                    List.of(Math.min(height, sizes.get(0)), Math.min(width, sizes.get(1))));
        }
        // both sides get the half rounded down: an odd difference loses a row or column
        List<Long> border =
                List.of(
                        Math.max(height - sizes.get(0), 0) / 2,
                        Math.max(width - sizes.get(1), 0) / 2);
        if (border.equals(List.of(0L, 0L))) {
            return x;
        }
        List<Long> around = all(layer, border);
        String mode = layer.config().string("fill_mode", "constant");
        if (!mode.equals("constant")) {
            throw layer.refusal("has the fill_mode '" + mode + "'", "constant is known");
        }
        double fill = layer.config().number("fill_value", 0);
        return layer.add(new Operator.Pad(around, around, fill), x);
    }

    private static Value cut(LayerBuilder layer, Value x, List<Long> sizes, List<Long> target) {
        if (sizes.equals(target)) {
            return x;
        }
        List<Long> before =
                List.of((sizes.get(0) - target.get(0)) / 2, (sizes.get(1) - target.get(1)) / 2);
        List<Long> after =
                List.of(
                        sizes.get(0) - target.get(0) - before.get(0),
                        sizes.get(1) - target.get(1) - before.get(1));
        return layer.add(new Operator.Crop(all(layer, before), all(layer, after)), x);
    }

    /** Return an entry for every axis, 0 where the axis is not space. */
    private static List<Long> all(LayerBuilder layer, List<Long> spatial) {
        List<Long> all = new ArrayList<>(Collections.nCopies(4, 0L));
        int first = layer.layout() == Layout.CHANNELS_FIRST ? 2 : 1;
        all.set(first, spatial.get(0));
        all.set(first + 1, spatial.get(1));
        return all;
    }
}
