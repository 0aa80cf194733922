package io.vitrail.engine.djl.block;

import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Translate calls that move elements about, of whatever type they are. */
final class NeutralArrangements {
    private NeutralArrangements() {}

    /** Return the neutral form of a call, or null if it has none. */
    static @Nullable Neutral of(Call c) {
        Recorded x = c.array(0);
        int rank = c.rank(0);
        int given = c.arguments().size() - 1;
        Operator operator =
                switch (c.method()) {
                    case "reshape" -> new Operator.Reshape(c.sizes(1));
                    case "flatten" ->
                            rank == 0
                                    ? null
                                    : given == 0
                                            ? new Operator.Flatten(0, rank - 1)
                                            : new Operator.Flatten(
                                                    c.axis(1, rank), c.axis(2, rank));
                    case "expandDims", "squeeze" ->
                            new Operator.Reshape(Call.longs(c.result().getShape().getShape()));
                    case "transpose" ->
                            new Operator.Permute(given == 0 ? reversed(rank) : c.axes(1, rank));
                    case "swapAxes" -> swapped(rank, c.axis(1, rank), c.axis(2, rank));
                    case "concat" -> new Operator.Concat(c.axis(2, rank));
                    case "pad" -> pad(c, rank);
                    default -> null;
                };
        if (operator instanceof Operator.Concat) {
            return new Neutral(operator, c.list(1), Map.of());
        }
        return operator == null ? null : Neutral.of(operator, x);
    }

    private static List<Integer> axes(int from, int rank) {
        return IntStream.range(from, rank).boxed().toList();
    }

    private static List<Integer> reversed(int rank) {
        return IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList();
    }

    private static Operator swapped(int rank, int a, int b) {
        List<Integer> order = new ArrayList<>(axes(0, rank));
        Collections.swap(order, a, b);
        return new Operator.Permute(order);
    }

    /** DJL counts from the last axis: in front, behind, in front, behind. */
    private static Operator pad(Call c, int rank) {
        List<Long> given = c.sizes(1);
        Long[] before = new Long[rank];
        Long[] after = new Long[rank];
        for (int i = 0; i < rank; i++) {
            boolean padded = 2 * i + 1 < given.size();
            before[rank - 1 - i] = padded ? given.get(2 * i) : 0L;
            after[rank - 1 - i] = padded ? given.get(2 * i + 1) : 0L;
        }
        return new Operator.Pad(List.of(before), List.of(after), c.number(2));
    }
}
