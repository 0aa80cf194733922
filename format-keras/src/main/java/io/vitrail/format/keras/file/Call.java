package io.vitrail.format.keras.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One use of a layer, with its arguments as the file has them. */
public record Call(List<Argument> arguments, Map<String, Argument> keywords) {
    public Call {
        arguments = List.copyOf(arguments);
        keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
    }

    /** Return every tensor, those of the arguments first, then those of the keywords. */
    public List<Tensor> tensors() {
        return Stream.concat(arguments.stream(), keywords.values().stream())
                .flatMap(Argument::tensors)
                .toList();
    }
}
