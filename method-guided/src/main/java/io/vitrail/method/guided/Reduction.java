package io.vitrail.method.guided;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Option;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What becomes of the channels: the result is {@code (N, spatial...)}, but for {@link #NONE}. */
enum Reduction {
    /** All channels, as they are. */
    NONE("none"),
    /** Their sum, signed: one value a token at an embedding. */
    SUM("sum"),
    /** Their mean, signed. */
    MEAN("mean"),
    /** The largest absolute value. */
    MAX_ABS("max-abs"),
    /** The Euclidean norm. */
    L2("l2");

    static final Option<Reduction> OPTION =
            new Option<>(
                    "reduce",
                    NONE,
                    spellings("|"),
                    "Join the channels into one map: their sum, mean, largest absolute value or norm.",
                    Reduction::parse);

    private final String spelling;

    Reduction(String spelling) {
        this.spelling = spelling;
    }

    private static Reduction parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.spelling.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(spellings(", ")));
    }

    private static String spellings(String between) {
        return List.of(values()).stream()
                .map(Reduction::toString)
                .collect(Collectors.joining(between));
    }

    NDArray of(NDArray gradient, Axes axes, String place, Request request) {
        if (this == NONE) {
            return gradient;
        }
        if (axes.channel() < 0) {
            throw VitrailException.usage(
                    request.layers().model()
                            + ": "
                            + request.method()
                            + " cannot reduce over channels, for "
                            + place
                            + " of shape "
                            + gradient.getShape()
                            + " has no channel axis\n  instead: -s reduce=none");
        }
        int[] channel = {axes.channel()};
        return switch (this) {
            case NONE -> gradient;
            case SUM -> gradient.sum(channel);
            case MEAN -> gradient.mean(channel);
            case MAX_ABS -> gradient.abs().max(channel);
            case L2 -> gradient.mul(gradient).sum(channel).sqrt();
        };
    }

    @Override
    public String toString() {
        return spelling;
    }
}
