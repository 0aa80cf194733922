package io.vitrail.engine.djl.block;

import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spell an index as views of libtorch, one after the other. */
final class TorchIndex {
    private TorchIndex() {}

    /**
     * Return the expression, or null if the index picks by arrays.
     *
     * @param rank the number of axes of the array
     * @param array the expression of the array
     */
    static @Nullable String text(NDIndex index, int rank, String array) {
        List<NDIndexElement> elements = index.getIndices();
        int named = (int) elements.stream().filter(e -> !(e instanceof NDIndexNull)).count();
        String text = "torch.alias(" + array + ")";
        int axis = 0;
        for (int i = 0; i < elements.size(); i++) {
            NDIndexElement element = elements.get(i);
            if (i == index.getEllipsisIndex()) {
                axis += rank - named;
            }
            if (element instanceof NDIndexFixed fixed) {
                text = "torch.select(" + text + ", " + axis + ", " + fixed.getIndex() + ")";
            } else if (element instanceof NDIndexNull) {
                text = "torch.unsqueeze(" + text + ", " + axis++ + ")";
            } else if (element instanceof NDIndexSlice slice) {
                text = "torch.slice(" + text + ", " + axis++ + ", " + slice(slice) + ")";
            } else if (element instanceof NDIndexAll) {
                axis++;
            } else {
                return null;
            }
        }
        return text;
    }

    private static String slice(NDIndexSlice slice) {
        Long step = slice.getStep();
        return end(slice.getMin()) + ", " + end(slice.getMax()) + ", " + (step == null ? 1 : step);
    }

    private static String end(@Nullable Long position) {
        return position == null ? "None" : position.toString();
    }
}
