package io.vitrail.method.preact;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Copy arrays at layers out of a pass, some channels or all.
 *
 * <p>Channels are cut out in native memory, so that what is copied is what was asked for.
 */
final class Selection {
    static final Option<Integer> TOP =
            Option.integer(
                    "top",
                    0,
                    0,
                    1_000_000,
                    "Keep so many channels, those with the largest mean activation in each item,"
                            + " largest first; 0 keeps all.");

    private Selection() {}

    static Attribution of(Pass pass, Request request, Function<Layer, NDArray> at) {
        Channels channels = request.option(Channels.OPTION);
        int top = request.option(TOP);
        Map<Layer, NDArray> arrays = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        for (Layer layer : request.chosen()) {
            NDArray array = at.apply(layer);
            if (channels.isAll() && top == 0) {
                arrays.put(layer, array);
                continue;
            }
            int axis = channelAxis(layer, array, request);
            int count = (int) array.getShape().get(axis);
            List<Integer> allowed = channels.of(layer, count, where(request));
            List<List<Integer>> kept =
                    kept(top == 0 ? array : pass.output(layer), axis, allowed, top);
            arrays.put(layer, cut(array, axis, kept));
            notes.put("channels/" + layer.name(), spelled(kept));
        }
        Attribution result = request.attribution(arrays);
        for (Map.Entry<String, String> note : notes.entrySet()) {
            result = result.note(note.getKey(), note.getValue());
        }
        return result;
    }

    private static int channelAxis(Layer layer, NDArray array, Request request) {
        if (layer.channelAxis() < 0 || array.getShape().dimension() != layer.shape().dimension()) {
            throw VitrailException.usage(
                    where(request)
                            + ": layer '"
                            + layer.name()
                            + "' of shape "
                            + array.getShape()
                            + " has no channel axis to choose from");
        }
        return layer.channelAxis();
    }

    private static String where(Request request) {
        return request.layers().model() + ": " + request.method();
    }

    /** The channels of each item; ranked by what the layer gives out, whatever is shown. */
    private static List<List<Integer>> kept(
            NDArray output, int axis, List<Integer> allowed, int top) {
        int items = (int) output.getShape().get(0);
        List<List<Integer>> kept = new ArrayList<>();
        float[] means = top == 0 ? new float[0] : means(output, axis);
        int count = (int) output.getShape().get(axis);
        for (int n = 0; n < items; n++) {
            int first = n * count;
            kept.add(
                    top == 0
                            ? allowed
                            : allowed.stream()
                                    .sorted(
                                            Comparator.comparing(
                                                    c -> means[first + c],
                                                    Comparator.reverseOrder()))
                                    .limit(top)
                                    .toList());
        }
        return kept;
    }

    /** {@code (N, C)}: the mean over all other axes. */
    private static float[] means(NDArray output, int axis) {
        NDArray wide =
                output.getDataType() == DataType.FLOAT32
                        ? output
                        : output.toType(DataType.FLOAT32, false);
        int[] others =
                IntStream.range(1, output.getShape().dimension())
                        .filter(other -> other != axis)
                        .toArray();
        long channels = output.getShape().get(axis);
        long positions = output.size() / output.getShape().get(0) / channels;
        return others.length == 0
                ? wide.toFloatArray()
                : wide.sum(others).div(positions).toFloatArray();
    }

    private static NDArray cut(NDArray array, int axis, List<List<Integer>> kept) {
        NDList items = new NDList();
        for (int n = 0; n < kept.size(); n++) {
            NDList channels = new NDList();
            for (int channel : kept.get(n)) {
                NDIndex index = new NDIndex().addSliceDim(n, n + 1);
                for (int i = 1; i < axis; i++) {
                    index.addAllDim();
                }
                channels.add(array.get(index.addSliceDim(channel, channel + 1)));
            }
            items.add(NDArrays.concat(channels, axis));
        }
        return NDArrays.concat(items, 0);
    }

    private static String spelled(List<List<Integer>> kept) {
        return kept.stream().distinct().count() == 1
                ? spelledOne(kept.get(0))
                : kept.stream().map(Selection::spelledOne).collect(Collectors.joining(" | "));
    }

    private static String spelledOne(List<Integer> channels) {
        return channels.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
