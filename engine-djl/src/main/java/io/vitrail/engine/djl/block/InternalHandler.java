package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answer for the side of an array that DJL's own blocks call. */
final class InternalHandler implements InvocationHandler {
    /** Activations, which stay one layer although DJL composes them. */
    private static final Set<String> WHOLE = Set.of("swish", "mish");

    private final Interception interception;
    private final Recorded recorded;
    private final NDArray array;

    InternalHandler(Interception interception, Recorded recorded, NDArray array) {
        this.interception = interception;
        this.recorded = recorded;
        this.array = array;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
            throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        NDArrayEx real = recorded.array().getNDArrayInternal();
        if (name.equals("getArray")) {
            return array;
        }
        if (name.equals("toString") || name.equals("hashCode") || name.equals("equals")) {
            return Interception.ofObject(proxy, name, arguments);
        }
        String functional = ArrayHandler.IN_PLACE.get(name);
        if (functional != null) {
            NDArray result =
                    (NDArray)
                            NDArrayEx.class
                                    .getMethod(functional, method.getParameterTypes())
                                    .invoke(proxy, arguments);
            recorded.become(interception.unwrap(result));
            return array;
        }
        boolean whole =
                name.equals("swish")
                        ? ((Number) arguments[0]).floatValue() == 1
                        : WHOLE.contains(name);
        return whole || !Interception.isPlainDefault(method, real)
                ? interception.call(array, recorded, real, method, arguments)
                : InvocationHandler.invokeDefault(proxy, method, arguments);
    }
}
