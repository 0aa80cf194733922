package io.vitrail.engine.djl.block;

import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.torch.NodeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Spell calls as libtorch's operators.
 *
 * <p>A template calls an operator with {@code @0} for the array that the call was made on and
 * {@code @1}, {@code @2}, ... for what it was given.
 */
final class TorchCalls {
    private static final Pattern ARGUMENT = Pattern.compile("@(\\d+)");

    /** Libtorch's numbers of its types. */
    private static final Map<DataType, Integer> TYPES =
            Map.of(
                    DataType.UINT8, 0,
                    DataType.INT8, 1,
                    DataType.INT32, 3,
                    DataType.INT64, 4,
                    DataType.FLOAT16, 5,
                    DataType.FLOAT32, 6,
                    DataType.FLOAT64, 7,
                    DataType.BOOLEAN, 11,
                    DataType.BFLOAT16, 15);

    private final Call call;
    private final List<Recorded> inputs = new ArrayList<>();
    private final Map<String, Parameter> weights = new LinkedHashMap<>();

    private TorchCalls(Call call) {
        this.call = call;
    }

    /** Return a call as one of libtorch's operators, or null if its meaning is not known here. */
    static Dialect.@Nullable Own of(Call call) {
        return new TorchCalls(call).own();
    }

    private Dialect.@Nullable Own own() {
        TorchTemplates.Template template = TorchTemplates.of(call);
        String text = template == null ? index() : filled(template.text());
        if (text == null) {
            return null;
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("call", text);
        if (template != null && !template.returns().isEmpty()) {
            attributes.put("returns", template.returns());
        }
        String name = call.method().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
        return new Dialect.Own(new Operator.Native("pytorch", name, attributes), inputs, weights);
    }

    private @Nullable String index() {
        Object last = call.arguments().get(call.arguments().size() - 1);
        return call.method().equals("get") && last instanceof NDIndex index
                ? TorchIndex.text(index, call.rank(0), hole(call.array(0)))
                : null;
    }

    private @Nullable String filled(String template) {
        Matcher matcher = ARGUMENT.matcher(template);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String spelled = spell(call.arguments().get(Integer.parseInt(matcher.group(1))));
            if (spelled == null) {
                return null;
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(spelled));
        }
        return matcher.appendTail(text).toString();
    }

    private String hole(Recorded array) {
        if (array.origin() instanceof Recorded.Weight weight) {
            int known = List.copyOf(weights.values()).indexOf(weight.parameter());
            if (known < 0) {
                known = weights.size();
                weights.put("p" + known, weight.parameter());
            }
            return "$p" + known;
        }
        inputs.add(array);
        return "$" + (inputs.size() - 1);
    }

    private @Nullable String spell(@Nullable Object argument) {
        if (argument == null) {
            return "None";
        }
        if (argument instanceof Recorded array) {
            return hole(array);
        }
        if (argument instanceof List<?> list) {
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(spell(item)));
            return "[" + String.join(", ", items) + "]";
        }
        if (argument instanceof Shape || argument instanceof int[] || argument instanceof long[]) {
            List<Long> sizes = call.sizes(call.arguments().indexOf(argument));
            return sizes.isEmpty() ? "annotate(List[int], [])" : sizes.toString();
        }
        if (argument instanceof Float || argument instanceof Double) {
            return NodeText.number(((Number) argument).doubleValue());
        }
        if (argument instanceof Number) {
            return argument.toString();
        }
        if (argument instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        if (argument instanceof DataType type && TYPES.containsKey(type)) {
            return TYPES.get(type).toString();
        }
        return null;
    }
}
