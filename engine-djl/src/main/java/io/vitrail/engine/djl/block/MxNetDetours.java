package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Make calls for which MXNet has no operator by several for which it has. */
final class MxNetDetours {
    private MxNetDetours() {}

    /** Return what a call returns, or null if it needs no detour. */
    static @Nullable Object of(NDArray array, Method method, Object[] given) throws Throwable {
        Object last = given.length == 0 ? null : given[given.length - 1];
        if (method.getName().equals("get") && last instanceof NDIndex index) {
            return position(array, index);
        }
        boolean sequence = MxNetSequences.MODES.contains(method.getName());
        return sequence && Boolean.TRUE.equals(last) ? timeFirst(array, method, given) : null;
    }

    /** Take a single position as a slice of one, whose axis then goes. */
    private static @Nullable NDArray position(NDArray array, NDIndex index) {
        NDIndexFullSlice whole = NDIndexFullSlice.fromIndex(index, array.getShape()).orElse(null);
        if (whole == null || index.stream().noneMatch(NDIndexFixed.class::isInstance)) {
            return null;
        }
        NDIndex slices = new NDIndex();
        for (int axis = 0; axis < whole.getMin().length; axis++) {
            long min = whole.getMin()[axis];
            long max = whole.getMax()[axis];
            long step = whole.getStep()[axis];
            if (min == 0 && max == array.size(axis) && step == 1) {
                slices.addAllDim(); // so that it holds for any batch
            } else {
                slices.addSliceDim(min, max, step);
            }
        }
        return array.get(slices).reshape(whole.getSqueezedShape());
    }

    /** The last argument says that the batch is the first axis; MXNet wants time there. */
    private static NDList timeFirst(NDArray array, Method method, Object[] given) throws Throwable {
        Object[] swapped = given.clone();
        swapped[0] = ((NDArray) given[0]).swapAxes(0, 1);
        swapped[given.length - 1] = false;
        NDList found = (NDList) Interception.invoke(array.getNDArrayInternal(), method, swapped);
        found.set(0, found.head().swapAxes(0, 1));
        return found;
    }
}
