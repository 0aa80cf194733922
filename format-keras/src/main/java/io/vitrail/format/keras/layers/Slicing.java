package io.vitrail.format.keras.layers;

import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cut out a part by slices and positions, {@code x[:, 1:7, ..., 0]}; the batch stays whole. */
final class Slicing {
    private Slicing() {}

    static Value add(LayerBuilder layer, Value x) {
        Object given = layer.argument(1, "slice_spec");
        Object key = given == null ? layer.argument(1, "key") : given;
        List<@Nullable Object> entries = new ArrayList<>();
        (key instanceof List<?> list ? list : Collections.singletonList(key)).forEach(entries::add);
        int rank = layer.rank(x);
        int dots = dots(entries);
        if (dots >= 0) {
            entries.remove(dots);
            entries.addAll(dots, whole(layer, rank - entries.size()));
        }
        entries.addAll(whole(layer, rank - entries.size()));
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            long size = layer.shape(x).get(i);
            long[] range = range(layer, entries.get(i), size);
            before.add(range[0]);
            after.add(size - range[1]);
            boolean position = entries.get(i) instanceof Long;
            if (i == 0 && (position || range[0] != 0 || range[1] != size)) {
                throw layer.refusal("cuts the batch", "a batch stays whole");
            }
            if (!position) {
                sizes.add(i == 0 ? -1 : range[1] - range[0]);
            }
        }
        Value cut = layer.add(new Operator.Crop(before, after), x);
        return sizes.size() == rank ? cut : layer.add(new Operator.Reshape(sizes), cut);
    }

    private static int dots(List<@Nullable Object> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Map<?, ?> map
                    && "__ellipsis__".equals(map.get("class_name"))) {
                return i;
            }
        }
        return -1;
    }

    private static List<Object> whole(LayerBuilder layer, int count) {
        if (count < 0) {
            throw unknown(layer, "more slices than axes");
        }
        return Collections.nCopies(count, Map.of());
    }

    /** Return start and end. */
    private static long[] range(LayerBuilder layer, @Nullable Object entry, long size) {
        if (entry instanceof Long position) {
            long start = position < 0 ? position + size : position;
            if (start < 0 || start >= size) {
                throw unknown(layer, position + " of an axis of " + size);
            }
            return new long[] {start, start + 1};
        }
        if (!(entry instanceof Map<?, ?> map)) {
            throw unknown(layer, String.valueOf(entry));
        }
        Map<?, ?> slice = map.get("config") instanceof Map<?, ?> inside ? inside : map;
        Object step = slice.get("step");
        if (step != null && !step.equals(1L)) {
            throw unknown(layer, "the step " + step);
        }
        long start = end(layer, slice.get("start"), size, 0);
        long stop = end(layer, slice.get("stop"), size, size);
        return new long[] {start, Math.max(stop, start)};
    }

    private static long end(LayerBuilder layer, @Nullable Object given, long size, long otherwise) {
        if (given == null) {
            return otherwise;
        }
        if (!(given instanceof Long at)) {
            throw unknown(layer, String.valueOf(given));
        }
        return Math.max(0, Math.min(at < 0 ? at + size : at, size));
    }

    private static VitrailException unknown(LayerBuilder layer, String what) {
        return layer.refusal("cuts by " + what, "positions, and slices by steps of 1, are known");
    }
}
