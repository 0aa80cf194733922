package io.vitrail.runtime.plugin.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ServiceConfigurationError;

/** Say in words what foreign code threw, without keeping the object, which would keep its class. */
public final class Thrown {
    private static final int LONGEST = 500;

    private Thrown() {}

    /** Return its kind and message; even where asking for the message throws. */
    public static String said(Throwable thrown) {
        Throwable cause = cause(thrown);
        String name = cause.getClass().getSimpleName();
        String message = message(cause);
        if (message.isBlank()) {
            return name;
        }
        return name + ": " + message;
    }

    /** Return what was thrown at first, without what the JDK wraps around it. */
    static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof ServiceConfigurationError
                || thrown instanceof ExceptionInInitializerError
                || thrown instanceof InvocationTargetException
                || thrown instanceof UndeclaredThrowableException;
    }

    private static String message(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | Error e) { // it is foreign as well
            return "and its message cannot be had";
        }
        if (message == null) {
            return "";
        }
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
    }
}
