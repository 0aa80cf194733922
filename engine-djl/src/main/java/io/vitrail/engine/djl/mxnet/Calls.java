package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Call operators of MXNet by name. */
final class Calls {
    private Calls() {}

    /**
     * Return the first output of an operator.
     *
     * @param attributes names and values in turn
     */
    static NDArray invoke(NDManager owner, String operator, NDArray x, Object... attributes) {
        return invoke(owner, operator, new NDList(x), attributes);
    }

    /** Return the first output of an operator with several inputs. */
    static NDArray invoke(NDManager owner, String operator, NDList x, Object... attributes) {
        return invoke(owner, operator, x, texts(attributes)).head();
    }

    /** Return attributes, given as names and values in turn, as MXNet spells them. */
    static Map<String, String> texts(Object... attributes) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            texts.put((String) attributes[i], text(attributes[i + 1]));
        }
        return texts;
    }

    /** Return all outputs of an operator. */
    static NDList invoke(
            NDManager owner, String operator, NDList x, Map<String, String> attributes) {
        PairList<String, String> pairs = new PairList<>();
        attributes.forEach(pairs::add);
        return owner.invoke(operator, x, pairs);
    }

    private static String text(Object value) {
        if (value instanceof Double number && Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        return value instanceof List<?> list ? tuple(list) : value.toString();
    }

    /** Return numbers as MXNet spells a tuple. */
    static String tuple(List<?> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
