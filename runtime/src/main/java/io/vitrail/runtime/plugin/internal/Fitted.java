package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Provided;
import java.util.Optional;

/**
 * What became of a promise: an object, or what is wrong.
 *
 * @param id as the object says; empty where its service has none
 * @param type the interface that the object is handed out as
 * @param object none if something is wrong
 */
public record Fitted(
        Origin origin,
        Promise promise,
        String id,
        Class<?> type,
        Optional<Object> object,
        Optional<Problem> problem) {

    /** Return the object, called in its plugin's context, under its own id. */
    public <T> T as(Class<T> service) {
        return as(service, "");
    }

    /**
     * Return the object, called in its plugin's context.
     *
     * @param name what it answers when asked for its id; empty for its own answer
     */
    public <T> T as(Class<T> service, String name) {
        Object raw = object.orElseThrow();
        return service.cast(InContext.possible(type) ? InContext.of(type, raw, origin, name) : raw);
    }

    /** Return the plugin that an object comes from, if it was handed out here. */
    public static Optional<Origin> originOf(Object object) {
        return InContext.behind(object).map(InContext::origin);
    }

    /** Return the class's name. */
    public String provider() {
        return promise.provider();
    }

    /** Return what a list says of it, under the name that callers use. */
    Provided provided(String name) {
        return new Provided(
                kind(promise.service()), promise.service(), name, promise.provider(), problem);
    }

    private static String kind(String service) {
        return switch (service) {
            case "io.vitrail.api.AttributionMethod" -> "method";
            case "io.vitrail.api.ModelFormat" -> "format";
            case "io.vitrail.api.BlockFormat" -> "block-format";
            case "io.vitrail.api.Engine" -> "engine";
            case "io.vitrail.api.TargetForm" -> "target";
            default -> service.substring(service.lastIndexOf('.') + 1);
        };
    }
}
