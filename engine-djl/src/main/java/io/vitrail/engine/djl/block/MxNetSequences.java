package io.vitrail.engine.djl.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Spell recurrent layers as MXNet's one operator for them. */
final class MxNetSequences {
    /** The calls that are meant. */
    static final Set<String> MODES = Set.of("lstm", "gru", "rnn");

    private MxNetSequences() {}

    /**
     * Return a call of a sequence of steps, the axis of time first.
     *
     * <p>Its weights are one row, in the order in which DJL's block has them.
     */
    static Dialect.Own of(Call c) {
        String kind = c.method();
        List<Recorded> states = kind.equals("lstm") ? c.list(2) : List.of(c.array(2));
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put(
                "mode",
                kind.equals("rnn") ? "rnn_" + c.get(6).toString().toLowerCase(Locale.ROOT) : kind);
        attributes.put("state_size", "" + states.get(0).array().getShape().tail());
        attributes.put("num_layers", "" + c.integer(5));
        attributes.put("bidirectional", c.truth(c.arguments().size() - 2) ? "True" : "False");
        attributes.put("state_outputs", "True");
        if (kind.equals("lstm")) {
            attributes.put("lstm_state_clip_nan", "True"); // as DJL does
        }
        List<List<Recorded>> operands = new ArrayList<>();
        operands.add(List.of(c.array(1)));
        operands.add(c.list(3));
        states.forEach(state -> operands.add(List.of(state)));
        return MxNetCalls.joining("RNN", operands, attributes);
    }
}
