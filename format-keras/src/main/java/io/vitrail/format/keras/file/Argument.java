package io.vitrail.format.keras.file;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a layer is called with. */
public sealed interface Argument {
    /** An output of another layer. */
    record Of(Tensor tensor) implements Argument {}

    /** A list, such as the inputs of a merging layer. */
    record Many(List<Argument> items) implements Argument {
        public Many {
            items = List.copyOf(items);
        }
    }

    /** A constant: null, Boolean, Long, Double, String, or a Map of such. */
    record Constant(@Nullable Object value) implements Argument {}

    /** Return the tensors in it, in order. */
    default Stream<Tensor> tensors() {
        if (this instanceof Of of) {
            return Stream.of(of.tensor());
        }
        return this instanceof Many many
                ? many.items().stream().flatMap(Argument::tensors)
                : Stream.empty();
    }
}
