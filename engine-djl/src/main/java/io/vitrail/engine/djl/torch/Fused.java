package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.NodeText.number;

import java.util.ArrayList;
import java.util.List;

/**
 * What oneDNN computes of each element of a convolution while it is at hand.
 *
 * @param text the arguments that say so
 */
record Fused(String text) {
    /** The empty list of scalars, in the one spelling that compiles. */
    static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

    static final Fused NONE = of("none");
    static final Fused RELU = of("relu");

    static Fused of(String function) {
        return new Fused("\"" + function + "\", " + NO_SCALARS + ", \"\"");
    }

    static Fused of(String function, double... scalars) {
        List<String> numbers = new ArrayList<>();
        for (double scalar : scalars) {
            numbers.add(number(scalar));
        }
        return new Fused(
                "\"" + function + "\", annotate(List[Optional[number]], " + numbers + "), \"\"");
    }
}
