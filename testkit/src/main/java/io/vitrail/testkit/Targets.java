package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.vitrail.api.Layer;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Make the targets that tests of methods and engines need. */
public final class Targets {
    private Targets() {}

    /**
     * Return the target that reads one class of the network's first output.
     *
     * @param classes one class for all items, or one an item
     */
    public static Target classIndex(long... classes) {
        return classIndex(new Source.Output(0), classes);
    }

    /** Return the target that reads one class of a source of shape {@code (N, classes)}. */
    public static Target classIndex(Source source, long... classes) {
        long[] chosen = classes.clone();
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                return oneHot(values.head(), chosen).mul(values.head()).sum(new int[] {1});
            }

            @Override
            public List<Source> sources() {
                return List.of(source);
            }

            @Override
            public String spelling() {
                return "class:"
                        + Arrays.toString(chosen).replace(" ", "").replaceAll("[\\[\\]]", "");
            }

            @Override
            public long[] classes(NDList values) {
                return each(values.head(), chosen);
            }
        };
    }

    /** Return the sum of all values of a layer, one an item. */
    public static Target sumOf(Layer layer) {
        return sum(Source.of(layer), "layer:" + layer.name());
    }

    /** Return the sum of all values of a source, one an item. */
    public static Target sumOf(Source source) {
        return sum(source, "sum");
    }

    private static Target sum(Source source, String spelling) {
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                NDArray array = values.head();
                return array.reshape(array.getShape().get(0), -1).sum(new int[] {1});
            }

            @Override
            public List<Source> sources() {
                return List.of(source);
            }

            @Override
            public String spelling() {
                return spelling;
            }
        };
    }

    /** Return the mean of one channel of a layer, the last axis, one an item. */
    public static Target channelMean(Layer layer, int channel) {
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                NDArray array = values.head();
                NDArray cells =
                        array.reshape(
                                array.getShape().get(0),
                                -1,
                                array.getShape().get(array.getShape().dimension() - 1));
                return cells.get(new NDIndex(":, :, " + channel)).mean(new int[] {1});
            }

            @Override
            public List<Source> sources() {
                return List.of(Source.of(layer));
            }

            @Override
            public String spelling() {
                return "channel:" + layer.name() + ":" + channel;
            }
        };
    }

    /**
     * Return what YOLOv3 says of all classes: confidence times class, summed over outputs of {@code
     * (N, h, w, 3 * (5 + classes))}.
     *
     * @param outputs the number of outputs to read, from the first
     * @param raw whether confidence and classes are channel 4 and all from 5 on, as they stand
     */
    public static Target yolo(int outputs, boolean raw) {
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                NDArray score = sum(values.head(), raw);
                for (int i = 1; i < outputs; i++) {
                    score = score.add(sum(values.get(i), raw));
                }
                return score;
            }

            @Override
            public List<Source> sources() {
                return IntStream.range(0, outputs).<Source>mapToObj(Source.Output::new).toList();
            }

            @Override
            public String spelling() {
                return (raw ? "yolo-raw:" : "yolo:") + outputs;
            }
        };
    }

    private static NDArray sum(NDArray output, boolean raw) {
        long items = output.getShape().get(0);
        NDArray boxes =
                raw
                        ? output.reshape(items, -1, output.getShape().get(3))
                        : output.reshape(items, -1, output.getShape().get(3) / 3);
        NDArray confidence = boxes.get(new NDIndex(":, :, 4:5"));
        NDArray classes = boxes.get(new NDIndex(":, :, 5:"));
        if (!raw) {
            confidence = confidence.getNDArrayInternal().sigmoid();
            classes = classes.getNDArrayInternal().sigmoid();
        }
        return confidence.mul(classes).sum(new int[] {1, 2});
    }

    /**
     * Return the sum of {@code y (y + 1)} over the first output, a score whose gradient {@code 2 y
     * + 1} differs everywhere.
     */
    public static Target squares() {
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                NDArray y = values.head();
                NDArray flat = y.reshape(y.getShape().get(0), -1);
                return flat.mul(flat.add(1)).sum(new int[] {1});
            }

            @Override
            public String spelling() {
                return "squares";
            }
        };
    }

    private static long[] each(NDArray values, long[] classes) {
        int items = (int) values.getShape().get(0);
        if (classes.length == items) {
            return classes.clone();
        }
        long[] all = new long[items];
        Arrays.fill(all, classes[0]);
        return all;
    }

    private static NDArray oneHot(NDArray values, long[] classes) {
        long[] each = each(values, classes);
        int width = (int) values.getShape().get(1);
        float[] mask = new float[each.length * width];
        for (int i = 0; i < each.length; i++) {
            mask[i * width + (int) each[i]] = 1;
        }
        return values.getManager()
                .create(mask, values.getShape())
                .toType(values.getDataType(), false);
    }
}
