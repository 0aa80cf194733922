package io.vitrail.format.keras;

import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.file.Argument;
import io.vitrail.format.keras.file.Call;
import io.vitrail.format.keras.file.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, with the values of the graph in place of the file's tensors. */
record CallArguments(Call call, Function<Tensor, Value> values) {

    /** Return the arguments of a call with some values and nothing else. */
    static CallArguments of(List<Value> values) {
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            arguments.add(new Argument.Of(new Tensor("", 0, i)));
        }
        return new CallArguments(
                new Call(arguments, Map.of()), tensor -> values.get(tensor.index()));
    }

    List<Value> tensors() {
        return call.tensors().stream().map(values).toList();
    }

    @Nullable Object get(int position, String keyword) {
        if (position < call.arguments().size()) {
            return resolved(call.arguments().get(position));
        }
        Argument given = call.keywords().get(keyword);
        return given == null ? null : resolved(given);
    }

    private @Nullable Object resolved(Argument argument) {
        if (argument instanceof Argument.Of of) {
            return values.apply(of.tensor());
        }
        if (argument instanceof Argument.Many many) {
            List<@Nullable Object> items = new ArrayList<>();
            many.items().forEach(item -> items.add(resolved(item)));
            return items;
        }
        return ((Argument.Constant) argument).value();
    }
}
