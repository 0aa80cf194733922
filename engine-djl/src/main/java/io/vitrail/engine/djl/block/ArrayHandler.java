package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answer for an array, in a block's code that is being recorded. */
final class ArrayHandler implements InvocationHandler {
    private static final Set<String> IGNORED =
            Set.of(
                    "close",
                    "attach",
                    "tempAttach",
                    "returnResource",
                    "detach",
                    "setName",
                    "setRequiresGradient");

    private static final Set<String> DESCRIBING =
            Set.of(
                    "getShape",
                    "getDataType",
                    "getDevice",
                    "getName",
                    "getUid",
                    "getSparseFormat",
                    "isReleased",
                    "hasGradient");

    /** Operations in place, and the same that make a new array. */
    static final Map<String, String> IN_PLACE =
            Map.ofEntries(
                    Map.entry("addi", "add"),
                    Map.entry("subi", "sub"),
                    Map.entry("muli", "mul"),
                    Map.entry("divi", "div"),
                    Map.entry("modi", "mod"),
                    Map.entry("powi", "pow"),
                    Map.entry("negi", "neg"),
                    Map.entry("signi", "sign"),
                    Map.entry("rsubi", "rsub"),
                    Map.entry("rdivi", "rdiv"),
                    Map.entry("rmodi", "rmod"),
                    Map.entry("rpowi", "rpow"));

    private static final Set<String> WRITING = Set.of("set", "setScalar", "copyTo", "intern");

    private final Interception interception;
    private final Recorded recorded;
    private @Nullable NDArrayEx internal;

    ArrayHandler(Interception interception, Recorded recorded) {
        this.interception = interception;
        this.recorded = recorded;
    }

    Recorded recorded() {
        return recorded;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
            throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        if (IGNORED.contains(name)) {
            return null;
        }
        if (DESCRIBING.contains(name)) {
            return Interception.invoke(recorded.array(), method, arguments);
        }
        if (WRITING.contains(name)) {
            throw new Refusal(
                    LostCall.place(),
                    "its code writes into a part of an array (" + name + ")",
                    "make the new array of parts with concat or stack, or choose with where");
        }
        String functional = IN_PLACE.get(name);
        if (functional != null) {
            return inPlace(proxy, functional, method.getParameterTypes(), arguments);
        }
        return switch (name) {
            case "getManager" -> interception.manager();
            case "getNDArrayInternal" -> internal(proxy);
            case "getResourceNDArrays" -> List.of(proxy);
            case "toString" -> "array " + recorded.array().getShape() + " (recorded)";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0] || equal(proxy, arguments[0]);
            default ->
                    isWhole(method) || !Interception.isPlainDefault(method, recorded.array())
                            ? interception.call(
                                    (NDArray) proxy, recorded, recorded.array(), method, arguments)
                            : InvocationHandler.invokeDefault(proxy, method, arguments);
        };
    }

    /** Return whether a default method is written down as it is, whatever its body does. */
    private static boolean isWhole(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return method.getName().equals("get")
                && types.length == 2
                && types[1] == ai.djl.ndarray.index.NDIndex.class;
    }

    private static boolean equal(Object proxy, Object other) {
        return other instanceof NDArray array && ((NDArray) proxy).contentEquals(array);
    }

    /** The array of the graph is another one; the code holds the same. */
    private Object inPlace(Object proxy, String name, Class<?>[] types, Object[] arguments)
            throws Throwable {
        NDArray result = (NDArray) NDArray.class.getMethod(name, types).invoke(proxy, arguments);
        recorded.become(interception.unwrap(result));
        return proxy;
    }

    private NDArrayEx internal(Object proxy) {
        if (internal == null) {
            internal =
                    (NDArrayEx)
                            Interception.proxy(
                                    recorded.array().getNDArrayInternal(),
                                    new InternalHandler(interception, recorded, (NDArray) proxy));
        }
        return internal;
    }
}
