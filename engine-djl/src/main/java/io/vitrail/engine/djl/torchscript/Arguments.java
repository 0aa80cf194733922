package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The evaluated arguments of a call, by position and by name. */
record Arguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

    boolean has(int index) {
        return index < positional.size() && positional.get(index) != null;
    }

    @Nullable Object get(int index) {
        return index < positional.size() ? positional.get(index) : null;
    }

    @Nullable Object get(int index, String name, @Nullable Object ifAbsent) {
        if (index < positional.size()) {
            return positional.get(index);
        }
        return named.containsKey(name) ? named.get(name) : ifAbsent;
    }

    boolean isTensor(int index) {
        return get(index) instanceof Traced;
    }

    Traced tensor(int index) {
        return (Traced) positional.get(index);
    }

    /** Return the weight that a tensor holds, or null if it is none. */
    @Nullable Parameter weight(int index) {
        return get(index) instanceof Traced traced && traced.held() instanceof Traced.Weight weight
                ? weight.parameter()
                : null;
    }

    boolean isEmpty(int index) {
        return !has(index) || get(index) instanceof List<?> list && list.isEmpty();
    }

    double number(int index, double ifAbsent) {
        return get(index) instanceof Number number ? number.doubleValue() : ifAbsent;
    }

    double numberNamed(int index, String name, double ifAbsent) {
        return get(index, name, ifAbsent) instanceof Number number
                ? number.doubleValue()
                : Double.NaN;
    }

    long integer(int index, long ifAbsent) {
        return get(index) instanceof Long number ? number : ifAbsent;
    }

    boolean truth(int index, boolean ifAbsent) {
        return get(index) instanceof Boolean truth ? truth : ifAbsent;
    }

    /** Return a list of whole numbers, or null if it is something else. */
    @Nullable List<Long> longs(int index) {
        if (get(index) instanceof Long one) {
            return List.of(one);
        }
        if (!(get(index) instanceof List<?> list)) {
            return null;
        }
        List<Long> longs = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Long number)) {
                return null;
            }
            longs.add(number);
        }
        return longs;
    }

    /** Return a list of tensors, or null if it is something else. */
    @Nullable List<Traced> tensors(int index) {
        if (!(get(index) instanceof List<?> list)) {
            return null;
        }
        List<Traced> tensors = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Traced tensor)) {
                return null;
            }
            tensors.add(tensor);
        }
        return tensors;
    }
}
