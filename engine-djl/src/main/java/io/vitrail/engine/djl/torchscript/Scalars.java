package io.vitrail.engine.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compute with numbers, texts and lists as TorchScript does: {@code torch.add(1, 2)}, {@code
 * torch.len(x)}.
 */
final class Scalars {
    /** What {@link #call} returns for a function that is none of its own. */
    static final Object UNKNOWN = new Object();

    private Scalars() {}

    static @Nullable Object call(String name, Arguments a, Limits limits, String place) {
        Object x = a.get(0);
        Object y = a.get(1);
        return switch (name) {
            case "eq" -> same(x, y);
            case "ne" -> !same(x, y);
            case "lt", "gt", "le", "ge" -> compare(name, x, y, place);
            case "__and__" -> Boolean.TRUE.equals(x) && Boolean.TRUE.equals(y);
            case "__or__" -> Boolean.TRUE.equals(x) || Boolean.TRUE.equals(y);
            case "len" -> length(x, place);
            case "format" -> format(a, limits, place);
            case "__contains__" ->
                    x instanceof Map<?, ?> map ? map.containsKey(y) : list(x, place).contains(y);
            case "list", "copy" -> copy(list(x, place), limits, place);
            case "keys" -> new ArrayList<>(((Map<?, ?>) Objects.requireNonNull(x)).keySet());
            case "values" -> new ArrayList<>(((Map<?, ?>) Objects.requireNonNull(x)).values());
            case "str" -> String.valueOf(x);
            case "neg", "abs", "ceil", "floor", "round", "sqrt", "Int", "Float" ->
                    unary(name, number(x, place));
            case "slice" -> x instanceof List<?> all ? slice(all, a, limits, place) : UNKNOWN;
            case "add" -> {
                if (x instanceof List<?> first && y instanceof List<?> second) {
                    List<@Nullable Object> joined = copy(first, limits, place);
                    limits.items(second.size(), place);
                    joined.addAll(second);
                    yield joined;
                }
                if (x instanceof String text) {
                    String more = String.valueOf(y);
                    limits.items((long) text.length() + more.length(), place);
                    yield text + more;
                }
                yield binary(name, x, y, place);
            }
            case "mul" -> {
                if (x instanceof List<?> items && y instanceof Long times) {
                    limits.items(items.isEmpty() ? 0 : repeats(times, items.size()), place);
                    List<@Nullable Object> repeated = new ArrayList<>();
                    for (long i = 0; i < times && !items.isEmpty(); i++) {
                        repeated.addAll(items);
                    }
                    yield repeated;
                }
                yield binary(name, x, y, place);
            }
            case "sub", "div", "floordiv", "floor_divide", "remainder", "pow", "min", "max" ->
                    binary(name, x, y, place);
            default -> UNKNOWN;
        };
    }

    /** Items of a list that is repeated, or more than there can be. */
    private static long repeats(long times, int size) {
        return times <= 0 ? 0 : times > Integer.MAX_VALUE ? Long.MAX_VALUE : times * size;
    }

    private static List<@Nullable Object> copy(List<?> list, Limits limits, String place) {
        limits.items(list.size(), place);
        return new ArrayList<>(list);
    }

    private static boolean same(@Nullable Object x, @Nullable Object y) {
        return x instanceof Number a && y instanceof Number b
                ? a.doubleValue() == b.doubleValue()
                : Objects.equals(x, y);
    }

    private static boolean compare(
            String name, @Nullable Object x, @Nullable Object y, String place) {
        double difference = number(x, place).doubleValue() - number(y, place).doubleValue();
        return switch (name) {
            case "lt" -> difference < 0;
            case "gt" -> difference > 0;
            case "le" -> difference <= 0;
            default -> difference >= 0;
        };
    }

    private static Long length(@Nullable Object x, String place) {
        if (x instanceof String text) {
            return (long) text.length();
        }
        return (long) (x instanceof Map<?, ?> map ? map.size() : list(x, place).size());
    }

    private static String format(Arguments a, Limits limits, String place) {
        String text = String.valueOf(a.get(0));
        for (int i = 1; i < a.positional().size(); i++) {
            int hole = text.indexOf("{}");
            if (hole >= 0) {
                text = text.substring(0, hole) + a.get(i) + text.substring(hole + 2);
                limits.items(text.length(), place);
            }
        }
        return text;
    }

    private static Object unary(String name, Number x) {
        double value = x.doubleValue();
        return switch (name) {
            case "neg" -> x instanceof Long whole ? (Object) (-whole) : (Object) (-value);
            case "abs" ->
                    x instanceof Long whole ? (Object) Math.abs(whole) : (Object) Math.abs(value);
            case "ceil" -> (long) Math.ceil(value);
            case "floor" -> (long) Math.floor(value);
            case "round" -> Math.rint(value);
            case "sqrt" -> Math.sqrt(value);
            case "Int" -> x.longValue();
            default -> value;
        };
    }

    private static Object binary(
            String name, @Nullable Object left, @Nullable Object right, String place) {
        Number x = number(left, place);
        if (right == null && left instanceof List<?> list) {
            throw Refusal.at(place, name + " of a list of " + list.size() + " is not understood");
        }
        Number y = number(right, place);
        boolean whole = x instanceof Long && y instanceof Long;
        double a = x.doubleValue();
        double b = y.doubleValue();
        if (whole && !name.equals("div") && !name.equals("pow")) {
            return wholes(name, x.longValue(), y.longValue(), place);
        }
        double result =
                switch (name) {
                    case "add" -> a + b;
                    case "sub" -> a - b;
                    case "mul" -> a * b;
                    case "div" -> a / b;
                    case "floordiv", "floor_divide" -> Math.floor(a / b);
                    case "remainder" -> a - b * Math.floor(a / b);
                    case "min" -> Math.min(a, b);
                    case "max" -> Math.max(a, b);
                    default -> Math.pow(a, b);
                };
        return whole && name.equals("pow") && b >= 0 ? (Object) (long) result : (Object) result;
    }

    private static Long wholes(String name, long a, long b, String place) {
        if (b == 0 && (name.startsWith("floor") || name.equals("remainder"))) {
            throw Refusal.at(place, "a division by zero");
        }
        return switch (name) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "floordiv", "floor_divide" -> Math.floorDiv(a, b);
            case "remainder" -> Math.floorMod(a, b);
            case "min" -> Math.min(a, b);
            default -> Math.max(a, b);
        };
    }

    private static List<@Nullable Object> slice(
            List<?> all, Arguments a, Limits limits, String place) {
        long size = all.size();
        long from = bound(a.get(1), 0, size);
        long to = bound(a.get(2), size, size);
        long step = a.integer(3, 1);
        if (step <= 0) {
            throw Refusal.at(place, "a slice has a step of " + step);
        }
        limits.items(Math.max(0, to - from), place);
        List<@Nullable Object> part = new ArrayList<>();
        for (long i = from; i < to && i >= from; i += step) {
            part.add(all.get((int) i));
        }
        return part;
    }

    private static long bound(@Nullable Object given, long ifAbsent, long size) {
        if (!(given instanceof Long bound)) {
            return ifAbsent;
        }
        return Math.max(0, Math.min(size, bound < 0 ? bound + size : bound));
    }

    private static List<?> list(@Nullable Object x, String place) {
        if (x instanceof List<?> list) {
            return list;
        }
        if (x instanceof Interpreter.Group group) {
            return group.items();
        }
        throw Refusal.at(place, "a list is expected");
    }

    private static Number number(@Nullable Object x, String place) {
        if (x instanceof Number number) {
            return number;
        }
        if (x instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        throw Refusal.at(place, "a number is expected");
    }
}
