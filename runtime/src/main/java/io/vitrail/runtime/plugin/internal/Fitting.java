package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Optional;

/** Create what a plugin promises, one provider at a time, so that none harms another. */
record Fitting(Origin origin, Classes classes) {
    private static final String BY_AUTHOR =
            "tell its author, or take another version of the plugin";

    /** Keep a promise; whatever the plugin's code throws becomes the problem. */
    Fitted fit(Promise promise) {
        try {
            Class<?> service = service(promise);
            Object object = create(promise, service);
            return named(promise, service, object);
        } catch (Refused e) {
            return failed(promise, e.problem());
        }
    }

    private Class<?> service(Promise promise) throws Refused {
        Class<?> service = classes.service(promise.service());
        if (service == null) {
            throw new Refused(
                    Stage.DISCOVERY,
                    "provides " + promise.service() + ", which nothing here knows",
                    "take a version of the plugin that is made for this Vitrail");
        }
        if (service == Engine.class) {
            throw new Refused(
                    Stage.SERVICE,
                    "is an engine: native libraries load once a process, and a plugin may come and"
                            + " go",
                    "put its jar on the application's module path or class path");
        }
        return service;
    }

    private Object create(Promise promise, Class<?> service) throws Refused {
        Class<?> type;
        try {
            type = InContext.call(origin.loader(), () -> classes.provider(promise.provider()));
        } catch (RuntimeException | Error e) {
            throw new Refused(Stage.DISCOVERY, Thrown.said(e), remedy(e));
        }
        if (type == null) {
            throw new Refused(
                    Stage.DISCOVERY,
                    "is promised, and no jar of the plugin has such a class",
                    "let META-INF/services or 'provides' name a class that is there");
        }
        classes.open(type);
        try {
            return InContext.call(origin.loader(), () -> instance(type, service));
        } catch (Unfit e) {
            throw e.refusal;
        } catch (RuntimeException | Error e) {
            throw new Refused(Stage.CREATION, Thrown.said(e), remedy(e));
        }
    }

    /** Leave a lambda. */
    private static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Refused refusal;

        Unfit(String cause, String remedy) {
            super(cause, null, false, false);
            this.refusal = new Refused(Stage.DISCOVERY, cause, remedy);
        }
    }

    private static Object instance(Class<?> type, Class<?> service) {
        try {
            Optional<Method> factory = factory(type);
            if (factory.isPresent()) {
                Object made = factory.get().invoke(null);
                if (!service.isInstance(made)) {
                    throw new Unfit("its provider() returned no " + service.getName(), BY_AUTHOR);
                }
                return made;
            }
            if (!service.isAssignableFrom(type)) {
                throw new Unfit(
                        "is no " + service.getName(),
                        "let it implement the interface, and leave Vitrail's own classes out of the"
                                + " jar");
            }
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (!Modifier.isPublic(type.getModifiers() & constructor.getModifiers())
                    || Modifier.isAbstract(type.getModifiers())) {
                throw new NoSuchMethodException();
            }
            return constructor.newInstance();
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new Unfit(
                    "has no public constructor without parameters",
                    "make it a public class with one");
        } catch (InvocationTargetException e) {
            throw new UndeclaredThrowableException(e.getCause());
        }
    }

    private static Optional<Method> factory(Class<?> type) {
        if (!Classes.inExplicitModule(type)) {
            return Optional.empty();
        }
        try {
            Method method = type.getMethod("provider");
            return Modifier.isStatic(method.getModifiers())
                    ? Optional.of(method)
                    : Optional.empty();
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private Fitted named(Promise promise, Class<?> service, Object object) {
        Class<?> as = service;
        if (service == AttributionMethod.class) { // sealed: nobody implements it but as one of two
            as = object instanceof OnePassMethod ? OnePassMethod.class : ManyPassMethod.class;
        }
        Fitted whole = new Fitted(origin, promise, "", as, Optional.of(object), Optional.empty());
        try {
            String id = Soundness.idOf(service, whole.as(service));
            return new Fitted(origin, promise, id, as, Optional.of(object), Optional.empty());
        } catch (RuntimeException | Error e) {
            return failed(promise, new Problem(Stage.IDENTITY, Thrown.said(e), remedy(e)));
        }
    }

    private Fitted failed(Promise promise, Problem problem) {
        return new Fitted(
                origin, promise, "", Object.class, Optional.empty(), Optional.of(problem));
    }

    private static String remedy(Throwable outer) {
        Throwable thrown = Thrown.cause(outer);
        if (thrown instanceof UnsupportedClassVersionError) {
            return "run Java of the release it is built for, or build it for "
                    + Runtime.version().feature();
        }
        if (thrown instanceof NoClassDefFoundError) {
            return "put the library that has the class beside the plugin's jar, in one folder";
        }
        if (thrown instanceof IncompatibleClassChangeError) {
            return "take a version of the plugin that is made for this Vitrail";
        }
        return BY_AUTHOR;
    }
}
