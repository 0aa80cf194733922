package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answer for a manager, in a block's code that is being recorded. */
final class ManagerHandler implements InvocationHandler {
    private static final Set<String> IGNORED =
            Set.of(
                    "close",
                    "cap",
                    "attachInternal",
                    "attachUncappedInternal",
                    "tempAttachInternal",
                    "detachInternal",
                    "attachAll",
                    "tempAttachAll",
                    "setName");

    /** Arrays whose sizes may be those of the batch: a node, where the engine has one. */
    private static final Set<String> SIZED = Set.of("zeros", "ones", "full");

    private final Interception interception;
    private final NDManager manager;

    ManagerHandler(Interception interception, NDManager manager) {
        this.interception = interception;
        this.manager = manager;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
            throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        if (IGNORED.contains(name)) {
            return null;
        }
        if (name.startsWith("random")
                || name.startsWith("truncated")
                || name.startsWith("sample")) {
            throw new Refusal(
                    LostCall.place(),
                    "its code draws random numbers (" + name + ")",
                    "draw none when the forward pass is not for training");
        }
        switch (name) {
            case "newSubManager", "getParentManager":
                return proxy;
            case "ret":
                return arguments[0];
            case "toString", "hashCode", "equals":
                return Interception.ofObject(proxy, name, arguments);
            default:
                break;
        }
        boolean sized = SIZED.contains(name);
        if (sized && Interception.isPlainDefault(method, manager)) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        if (name.equals("from")) {
            return interception.wrap(interception.unwrap((NDArray) arguments[0]));
        }
        if (method.getReturnType() != NDArray.class) {
            return Interception.invoke(manager, method, arguments);
        }
        return sized && interception.recording().hasNode(name)
                ? interception.call(null, manager, method, arguments)
                : constant(method, arguments);
    }

    private NDArray constant(Method method, Object[] arguments) throws Throwable {
        Object made = Interception.invoke(manager, method, arguments);
        if (!(made instanceof NDArray array)) {
            throw new IllegalStateException(method + " made no array");
        }
        Recording recording = interception.recording();
        return interception.wrap(recording.weight(recording.weights().of(array)));
    }
}
