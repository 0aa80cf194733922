package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hand out arrays and managers each call of which goes through a {@link Gate}.
 *
 * <p>Made only where a method has a deadline: an array that is closed under a native call takes the
 * process down, so a method that was given up must be kept from its arrays before they are freed.
 */
record GatedArrays(Gate gate) {
    private static final Set<Class<?>> GATED =
            Set.of(NDArray.class, NDManager.class, NDArrayEx.class);

    NDArray of(NDArray array) {
        return gated(NDArray.class, array);
    }

    NDManager ofManager(NDManager manager) {
        return gated(NDManager.class, manager);
    }

    NDList of(NDList arrays) {
        NDList gated = new NDList(arrays.size());
        arrays.forEach(array -> gated.add(of(array)));
        return gated;
    }

    /** Return the array itself. */
    static NDArray bare(NDArray array) {
        return (NDArray) bareObject(array);
    }

    /** Return the arrays themselves. */
    static NDList bare(NDList arrays) {
        NDList bare = new NDList(arrays.size());
        arrays.forEach(array -> bare.add(bare(array)));
        return bare;
    }

    private static Object bareObject(Object object) {
        return Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof Handler handler
                ? handler.itself
                : object;
    }

    private <T> T gated(Class<T> type, T itself) {
        return bareObject(itself) == itself
                ? type.cast(
                        Proxy.newProxyInstance(
                                GatedArrays.class.getClassLoader(),
                                new Class<?>[] {type},
                                new Handler(this, itself)))
                : itself;
    }

    private record Handler(GatedArrays gates, Object itself) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            Outcome outcome =
                    gates.gate.through(() -> Outcome.of(() -> call(method, arguments), method));
            if (outcome.thrown != null) {
                throw outcome.thrown;
            }
            return gates.gated(outcome.value);
        }

        private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
                throws IllegalAccessException, InvocationTargetException {
            if (arguments == null) {
                return method.invoke(itself);
            }
            Object[] bare = new Object[arguments.length];
            for (int i = 0; i < bare.length; i++) {
                bare[i] = bareArgument(arguments[i]);
            }
            return method.invoke(itself, bare);
        }
    }

    private static @Nullable Object bareArgument(@Nullable Object argument) {
        if (argument instanceof NDList list) {
            return bare(list);
        }
        if (argument instanceof NDArray[] arrays) {
            NDArray[] bare = arrays.clone();
            for (int i = 0; i < bare.length; i++) {
                bare[i] = bare[i] == null ? null : bare(bare[i]);
            }
            return bare;
        }
        return argument == null ? null : bareObject(argument);
    }

    private @Nullable Object gated(@Nullable Object result) {
        if (result instanceof NDList list) {
            return of(list);
        }
        for (Class<?> type : GATED) {
            if (type.isInstance(result)) {
                return gatedAs(type, result);
            }
        }
        return result;
    }

    private <T> T gatedAs(Class<T> type, Object result) {
        return gated(type, type.cast(result));
    }

    /** What a call came to; a gate knows no checked exceptions. */
    private record Outcome(@Nullable Object value, @Nullable Throwable thrown) {
        interface Call {
            @Nullable Object run() throws IllegalAccessException, InvocationTargetException;
        }

        static Outcome of(Call call, Method method) {
            try {
                return new Outcome(call.run(), null);
            } catch (InvocationTargetException e) {
                return new Outcome(null, e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(method + " cannot be called", e);
            }
        }
    }
}
