package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.BlockFormat;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.Option;
import io.vitrail.api.TargetForm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Ask a provider who it is, and check that what it says of itself makes sense. */
public final class Soundness {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

    private Soundness() {}

    /**
     * Return the id of a provider; empty for a service without ids.
     *
     * @throws IllegalArgumentException if something makes no sense; the message says what
     */
    public static String idOf(Class<?> service, Object provider) {
        if (provider instanceof AttributionMethod method) {
            return method(method);
        }
        if (provider instanceof ModelFormat format) {
            return format(format);
        }
        if (provider instanceof BlockFormat format) {
            return id(format.id());
        }
        if (provider instanceof Engine engine) {
            return id(engine.name());
        }
        if (provider instanceof TargetForm form) {
            return id(form.head());
        }
        return other(service, provider);
    }

    private static String method(AttributionMethod method) {
        String id = id(method.id());
        text("sentence()", method.sentence());
        some("place()", method.place());
        some("paper()", method.paper());
        some("cost()", method.cost());
        Set<String> keys = new HashSet<>();
        List<Option<?>> options = method.options();
        some("options()", options);
        for (Option<?> option : options) {
            some("an element of options()", option);
            if (option.key() == null || !KEY.matcher(option.key()).matches()) {
                throw nonsense(
                        "the key of an option, '"
                                + option.key()
                                + "', is not letters, digits, '-' and '_'");
            }
            if (!keys.add(option.key())) {
                throw nonsense("two options have the key '" + option.key() + "'");
            }
            String which = "of option '" + option.key() + "'";
            some("the default " + which, option.defaultValue());
            some("the values " + which, option.values());
            some("the sentence " + which, option.sentence());
            some("the parser " + which, option.parser());
        }
        method.usesTarget();
        return id;
    }

    private static String format(ModelFormat format) {
        String id = id(format.id());
        text("sentence()", format.sentence());
        some("suffixes()", format.suffixes());
        for (String suffix : format.suffixes()) {
            if (suffix == null || suffix.strip().length() < 2) {
                throw nonsense("suffix '" + suffix + "' is no ending of a file's name");
            }
        }
        return id;
    }

    /** A service that this module does not know has an id if it has a method that says it. */
    private static String other(Class<?> service, Object provider) {
        for (String name : List.of("id", "head")) {
            try {
                Method method = service.getMethod(name);
                if (method.getReturnType() == String.class) {
                    return text(name + "()", (String) method.invoke(provider));
                }
            } catch (NoSuchMethodException | IllegalAccessException e) {
                continue; // it has no such method for everyone
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(
                        name + "() threw " + Thrown.said(e.getCause()), e);
            }
        }
        return "";
    }

    private static String id(String id) {
        if (id == null || !ID.matcher(id).matches()) {
            throw nonsense("its id '" + id + "' is not lower case letters, digits and '-'");
        }
        return id;
    }

    private static String text(String what, String text) {
        some(what, text);
        if (text.isBlank()) {
            throw nonsense(what + " is empty");
        }
        return text;
    }

    private static void some(String what, Object value) {
        if (value == null) {
            throw nonsense(what + " is null");
        }
    }

    private static IllegalArgumentException nonsense(String what) {
        return new IllegalArgumentException(what);
    }
}
