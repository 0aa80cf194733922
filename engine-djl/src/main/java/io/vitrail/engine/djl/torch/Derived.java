package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Parameter;
import java.util.List;

/**
 * A weight that is made of stored ones, once: folded, turned, or laid out as oneDNN wants it.
 *
 * <p>Equal ones are the same array, whichever plan asks.
 *
 * @param sources what it is made of, {@code $0}, {@code $1}, ... in the lines
 * @param lines statements of TorchScript, whose own variables begin with {@code %}; the last is an
 *     expression
 */
record Derived(List<Parameter> sources, List<String> lines) {
    private static final List<String> ITSELF = List.of("$0");

    Derived {
        sources = List.copyOf(sources);
        lines = List.copyOf(lines);
    }

    /** Return a weight as it is stored. */
    static Derived stored(Parameter parameter) {
        return new Derived(List.of(parameter), ITSELF);
    }

    boolean isStored() {
        return lines.equals(ITSELF);
    }
}
