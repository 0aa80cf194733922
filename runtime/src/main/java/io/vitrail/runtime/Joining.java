package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Join the results of batches, and cut items out of a result. */
final class Joining {
    private Joining() {}

    /** Return values joined along their first axis, in order. */
    static Values values(List<Values> parts) {
        Values first = parts.get(0);
        if (parts.size() == 1 || first.shape().length == 0) {
            return first;
        }
        long[] shape = first.shape();
        long size = 0;
        shape[0] = 0;
        for (Values part : parts) {
            shape[0] += part.shape()[0];
            size += part.size();
        }
        if (size > Integer.MAX_VALUE) {
            throw VitrailException.failure(
                    "the results of all items together have more than 2^31-1 elements: explain"
                            + " fewer items at once, or select channels");
        }
        if (first.isDouble()) {
            double[] all = new double[(int) size];
            int at = 0;
            for (Values part : parts) {
                System.arraycopy(part.toDoubles(), 0, all, at, part.size());
                at += part.size();
            }
            return Values.of(all, first.axes(), shape);
        }
        float[] all = new float[(int) size];
        int at = 0;
        for (Values part : parts) {
            System.arraycopy(part.toFloats(), 0, all, at, part.size());
            at += part.size();
        }
        return Values.of(all, first.axes(), shape);
    }

    /** Return an attribution of all items; a note that differs lists what each batch says. */
    static Attribution attributions(List<Attribution> parts) {
        Attribution first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        Map<Attribution.Part, Values> joined = new LinkedHashMap<>();
        for (Attribution.Part part : first.parts().keySet()) {
            joined.put(part, values(parts.stream().map(one -> one.parts().get(part)).toList()));
        }
        Map<String, String> notes = new LinkedHashMap<>();
        for (Attribution one : parts) {
            for (String key : one.notes().keySet()) {
                notes.put(
                        key,
                        parts.stream()
                                .map(each -> each.notes().getOrDefault(key, "-"))
                                .distinct()
                                .collect(Collectors.joining(" | ")));
            }
        }
        return new Attribution(first.method(), joined, notes);
    }

    /** Return item {@code n} of values whose first axis is {@code items} long, else all of them. */
    static Values item(Values values, int n, int items) {
        long[] shape = values.shape();
        return shape.length > 0 && shape[0] == items ? values.item(n) : values;
    }

    /** Return item {@code n} of every part. */
    static Attribution item(Attribution whole, int n, int items) {
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        whole.parts().forEach((part, values) -> parts.put(part, item(values, n, items)));
        return new Attribution(whole.method(), parts, whole.notes());
    }
}
