package io.vitrail.testkit;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Put together what was found of each item. */
final class Items {
    private Items() {}

    /** Return the items, each with a first axis of size 1, as one batch. */
    static Attribution joined(List<Attribution> items) {
        Attribution first = items.get(0);
        if (items.size() == 1) {
            return first;
        }
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        for (Attribution.Part part : first.parts().keySet()) {
            parts.put(part, joined(items, part));
        }
        return new Attribution(first.method(), parts, first.notes());
    }

    private static Values joined(List<Attribution> items, Attribution.Part part) {
        Values first = items.get(0).parts().get(part);
        int size = first.size();
        float[] floats = new float[first.isDouble() ? 0 : size * items.size()];
        double[] doubles = new double[first.isDouble() ? size * items.size() : 0];
        for (int n = 0; n < items.size(); n++) {
            Values item = items.get(n).parts().get(part);
            if (item == null || item.size() != size) {
                throw new AssertionError(
                        part + ": " + first + " of the first item, " + item + " of item " + n);
            }
            if (first.isDouble()) {
                System.arraycopy(item.toDoubles(), 0, doubles, n * size, size);
            } else {
                System.arraycopy(item.toFloats(), 0, floats, n * size, size);
            }
        }
        long[] shape = first.shape();
        shape[0] = items.size();
        return first.isDouble()
                ? Values.of(doubles, first.axes(), shape)
                : Values.of(floats, first.axes(), shape);
    }
}
