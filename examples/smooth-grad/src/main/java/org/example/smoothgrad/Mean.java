package org.example.smoothgrad;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean over items of what a method found, part by part. */
final class Mean {
    private final Map<Attribution.Part, double[]> sums = new LinkedHashMap<>();
    private final Map<Attribution.Part, Values> like = new LinkedHashMap<>();
    private int items;

    /** Add every item of a batch. */
    void add(Attribution found) {
        int batch = 0;
        for (Map.Entry<Attribution.Part, Values> part : found.parts().entrySet()) {
            Values values = part.getValue();
            batch = (int) values.shape()[0];
            int size = values.size() / batch;
            double[] sum = sums.computeIfAbsent(part.getKey(), key -> new double[size]);
            for (int i = 0; i < values.size(); i++) {
                sum[i % size] += values.get(i);
            }
            like.putIfAbsent(part.getKey(), values);
        }
        items += batch;
    }

    /** Return the mean, as one item, in the name of a method. */
    Attribution of(String method) {
        Map<Attribution.Part, Values> means = new LinkedHashMap<>();
        sums.forEach(
                (part, sum) -> {
                    Values each = like.get(part);
                    long[] shape = each.shape();
                    shape[0] = 1;
                    means.put(part, each.isDouble() ? doubles(sum, each, shape) : floats(sum, each, shape));
                });
        return Attribution.of(method, means);
    }

    private Values doubles(double[] sum, Values like, long[] shape) {
        double[] mean = new double[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = sum[i] / items;
        }
        return Values.of(mean, like.axes(), shape);
    }

    private Values floats(double[] sum, Values like, long[] shape) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / items);
        }
        return Values.of(mean, like.axes(), shape);
    }
}
