package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stand between a block's code and the engine, and write down what passes.
 *
 * <p>The code gets proxies of arrays and managers. What it calls on one is called on the array
 * behind it, which is the recording's own; so the engine never meets a proxy, and whatever the code
 * closes, attaches or changes in place is nobody else's.
 */
final class Interception {
    private static final List<Class<? extends NDIndexElement>> PLAIN =
            List.of(NDIndexAll.class, NDIndexFixed.class, NDIndexNull.class, NDIndexSlice.class);

    private final Recording recording;
    private final NDManager managerProxy;

    Interception(Recording recording) {
        this.recording = recording;
        this.managerProxy =
                (NDManager)
                        proxy(recording.manager(), new ManagerHandler(this, recording.manager()));
    }

    Recording recording() {
        return recording;
    }

    NDManager manager() {
        return managerProxy;
    }

    static Object proxy(Object real, InvocationHandler handler) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> type = real.getClass(); type != null; type = type.getSuperclass()) {
            interfaces.addAll(List.of(type.getInterfaces()));
        }
        interfaces.removeIf(type -> !java.lang.reflect.Modifier.isPublic(type.getModifiers()));
        return Proxy.newProxyInstance(
                real.getClass().getClassLoader(), interfaces.toArray(new Class<?>[0]), handler);
    }

    /** Return what a block's code is given for an array. */
    NDArray wrap(Recorded recorded) {
        return (NDArray) proxy(recorded.array(), new ArrayHandler(this, recorded));
    }

    /** Return what is behind an array that came out of a block's code. */
    Recorded unwrap(NDArray array) {
        if (Proxy.isProxyClass(array.getClass())
                && Proxy.getInvocationHandler(array) instanceof ArrayHandler handler) {
            return handler.recorded();
        }
        return recording.weight(recording.weights().of(array));
    }

    /**
     * Return whether the engine does not override a default method, whose body then does its work
     * on the proxy.
     */
    static boolean isPlainDefault(Method method, Object real) {
        if (!method.isDefault()) {
            return false;
        }
        try {
            return real.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass()
                    .isInterface();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Make a call of the code's, by others where the engine needs several for it.
     *
     * @param array what the code holds
     * @param receiver the same, as it is recorded
     * @param real the real array, or its internal side
     * @return what the code gets
     */
    @Nullable Object call(
            NDArray array, Recorded receiver, Object real, Method method, Object[] given)
            throws Throwable {
        Object found = recording.dialect().detour(array, method, given);
        return found != null ? found : call(receiver, real, method, given);
    }

    /**
     * Make a call on the real thing and write it down.
     *
     * @param receiver the array that it is made on, or null for a manager
     * @param real the real array, its internal side, or the real manager
     * @return what the code gets
     */
    @Nullable Object call(@Nullable Recorded receiver, Object real, Method method, Object[] given)
            throws Throwable {
        List<@Nullable Object> arguments = new ArrayList<>();
        Object[] reals = new Object[given.length];
        for (int i = 0; i < given.length; i++) {
            arguments.add(argument(given[i]));
            reals[i] = real(given[i], arguments.get(i));
        }
        Object result = invoke(real, method, reals);
        List<NDArray> results = arrays(result);
        if (results.isEmpty()) {
            return value(receiver, method, result);
        }
        results.forEach(array -> array.attach(recording.manager()));
        if (receiver != null) {
            if (result == receiver.array()) {
                return wrap(receiver);
            }
            arguments.add(0, receiver);
        }
        List<Recorded> recorded = recorded(method.getName(), arguments, results);
        if (result instanceof NDArray) {
            return wrap(recorded.get(0));
        }
        NDList list = new NDList();
        recorded.forEach(one -> list.add(wrap(one)));
        return result instanceof NDList ? list : list.toArray(new NDArray[0]);
    }

    private List<Recorded> recorded(
            String name, List<@Nullable Object> arguments, List<NDArray> results) {
        boolean joins = name.equals("concat") || name.equals("stack");
        if (joins && arguments.get(1) instanceof List<?> others) {
            List<@Nullable Object> all = new ArrayList<>();
            all.add(arguments.get(0));
            all.addAll(others);
            arguments.set(1, all);
        }
        Call call = new Call(name, arguments, results);
        if (name.equals("dropout") && !call.truth(3) || name.equals("duplicate")) {
            return List.of(copy(call.array(name.equals("dropout") ? 1 : 0)));
        }
        return recording.add(call);
    }

    /** The same value in an array of its own. */
    private static Recorded copy(Recorded same) {
        return new Recorded(same.origin(), same.array(), same.dependsOnInput());
    }

    /** A result that is no array is a number, or a text, that the code may decide by. */
    private @Nullable Object value(
            @Nullable Recorded receiver, Method method, @Nullable Object result) {
        if (LostCall.isUnderWay()) {
            throw LostCall.refusal();
        }
        if (receiver != null && receiver.dependsOnInput() && method.getReturnType() != void.class) {
            recording.valueRead();
        }
        return result;
    }

    static @Nullable Object invoke(Object real, Method method, Object[] arguments)
            throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Answer what every object answers. */
    static Object ofObject(Object proxy, String method, Object[] arguments) {
        return switch (method) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "a recorded " + proxy.getClass().getInterfaces()[0].getSimpleName();
        };
    }

    private static List<NDArray> arrays(@Nullable Object result) {
        if (result instanceof NDArray array) {
            return List.of(array);
        }
        if (result instanceof NDList list) {
            return List.copyOf(list);
        }
        return result instanceof NDArray[] array ? List.of(array) : List.of();
    }

    /** Return an argument as it is written down. */
    private @Nullable Object argument(@Nullable Object given) {
        if (given instanceof NDArray array) {
            return unwrap(array);
        }
        if (given instanceof NDList list) {
            return list.stream().map(this::unwrap).toList();
        }
        if (given instanceof NDArray[] list) {
            return java.util.Arrays.stream(list).map(this::unwrap).toList();
        }
        return given;
    }

    /** Return an argument as the engine gets it. */
    private @Nullable Object real(@Nullable Object given, @Nullable Object argument) {
        if (argument instanceof Recorded recorded) {
            return recorded.array();
        }
        if (argument instanceof List<?> list
                && !(given instanceof List<?> && !(given instanceof NDList))) {
            NDList reals = new NDList();
            list.forEach(item -> reals.add(((Recorded) item).array()));
            return given instanceof NDList ? reals : reals.toArray(new NDArray[0]);
        }
        if (given instanceof NDManager) {
            return recording.manager();
        }
        if (given instanceof NDIndex index
                && index.getIndices().stream().anyMatch(e -> !PLAIN.contains(e.getClass()))) {
            throw new Refusal(
                    LostCall.place(),
                    "its code picks elements by the numbers of another array",
                    "use gather, or where with a mask");
        }
        return given;
    }
}
