package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.Attribution;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Call an object of a plugin with the plugin's class loader as the thread's context class loader.
 *
 * <p>Libraries look there for resources and services. The caller's loader is back when the call
 * ends. What a call returns is treated alike if the plugin wrote its class: a source, a target.
 *
 * @param id what the object answers when asked for its id; empty for its own answer
 */
record InContext(Object target, Class<?> as, Origin origin, String id)
        implements InvocationHandler {

    /** Return an object that does what the target does, in its plugin's context. */
    static <T> T of(Class<T> as, Object target, Origin origin, String id) {
        return as.cast(
                Proxy.newProxyInstance(
                        as.getClassLoader(),
                        new Class<?>[] {as},
                        new InContext(target, as, origin, id)));
    }

    /** Return whether a call can be led through here: the type is a public interface. */
    static boolean possible(Class<?> type) {
        return type.isInterface() && Modifier.isPublic(type.getModifiers()) && !type.isSealed();
    }

    static <T> T call(ClassLoader loader, Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
            return same(arguments[0]);
        }
        boolean asksId = method.getName().equals("id") && method.getParameterCount() == 0;
        if (asksId && !id.isEmpty()) {
            return id;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(origin.loader());
        try {
            return led(method.invoke(target, arguments), method.getReturnType());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Return what is behind an object that was handed out here. */
    static Optional<InContext> behind(Object object) {
        return object != null
                        && Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof InContext context
                ? Optional.of(context)
                : Optional.empty();
    }

    private boolean same(Object other) {
        return behind(other)
                .filter(context -> target.equals(context.target) && id.equals(context.id))
                .isPresent();
    }

    private Object led(Object result, Class<?> type) {
        if (result instanceof Attribution found && !id.isEmpty()) {
            return found.method().equals(ownId())
                    ? new Attribution(id, found.parts(), found.notes())
                    : found;
        }
        boolean foreign = result != null && result.getClass().getClassLoader() == origin.loader();
        boolean ours = type.getName().startsWith("io.vitrail.") && possible(type);
        return foreign && ours ? of(type, result, origin, "") : result;
    }

    private String ownId() {
        return target instanceof io.vitrail.api.AttributionMethod method ? method.id() : id;
    }
}
