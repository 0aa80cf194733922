package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.truth;

import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import org.jspecify.annotations.Nullable;

/** Write what moves, repeats, drops or sums up whole axes as TorchScript. */
final class ArrangementText {
    private ArrangementText() {}

    /** Return the expression, or null if the operator is of another family. */
    static @Nullable String of(Node node, String x) {
        Operator operator = node.operator();
        if (operator instanceof Operator.Mean o) {
            return call("mean", x, o.axes(), truth(o.keep()));
        }
        if (operator instanceof Operator.Max o) {
            return call("amax", x, o.axes(), truth(o.keep()));
        }
        if (operator instanceof Operator.Resize o) {
            return ResizeText.of(o, x, node);
        }
        if (operator instanceof Operator.Identity) {
            return call("alias", x);
        }
        if (operator instanceof Operator.Pad o) {
            return Aten.pad(x, o.before(), o.after(), o.value());
        }
        if (operator instanceof Operator.Crop o) {
            return crop(o, x);
        }
        if (operator instanceof Operator.Tile o) {
            return call("repeat", x, o.repeats());
        }
        if (operator instanceof Operator.Reshape o) {
            return call("reshape", x, o.sizes());
        }
        if (operator instanceof Operator.Flatten o) {
            return call("flatten", x, o.start(), o.end());
        }
        if (operator instanceof Operator.Flip o) {
            return call("flip", x, o.axes());
        }
        if (operator instanceof Operator.Permute o) {
            return call("permute", x, o.axes());
        }
        return null;
    }

    private static String crop(Operator.Crop o, String x) {
        String result = x;
        for (int axis = 0; axis < o.before().size(); axis++) {
            long before = o.before().get(axis);
            long after = o.after().get(axis);
            if (before != 0 || after != 0) {
                result = Aten.cut(result, axis, before, after);
            }
        }
        return result.equals(x) ? call("alias", x) : result;
    }
}
