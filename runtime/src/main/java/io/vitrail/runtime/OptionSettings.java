package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.MethodCall;
import io.vitrail.api.NearestNames;
import io.vitrail.api.Option;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Hand each chosen method the options that are meant for it. */
final class OptionSettings {
    private OptionSettings() {}

    /**
     * An option as it was given.
     *
     * @param method the id of the method that is meant; empty for every one that has the key
     */
    record Given(String method, String key, String value) {}

    /**
     * Return the value of every option of every method, by id and key.
     *
     * @throws VitrailException of kind {@code USAGE} if an option reaches no method or has a value
     *     that it does not take
     */
    static Map<String, Map<String, Object>> of(List<AttributionMethod> methods, List<Given> given) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        Set<Given> used = new HashSet<>();
        for (AttributionMethod method : methods) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Option<?> option : method.options()) {
                values.put(option.key(), option.defaultValue());
                for (Given one : given) {
                    if (one.key().equals(option.key())
                            && (one.method().isEmpty() || one.method().equals(method.id()))) {
                        used.add(one);
                        values.put(option.key(), parse(method, option, one.value()));
                    }
                }
            }
            all.put(method.id(), values);
        }
        for (Given one : given) {
            if (!used.contains(one)) {
                throw unknown(methods, one);
            }
        }
        return all;
    }

    /**
     * Return the value of every option of a method that another one calls.
     *
     * @throws VitrailException of kind {@code USAGE} as above
     */
    static Map<String, Object> of(AttributionMethod method, MethodCall call) {
        List<Given> given = new ArrayList<>();
        call.options().forEach((key, value) -> given.add(new Given(method.id(), key, value)));
        return of(List.of(method), given).get(method.id());
    }

    private static Object parse(AttributionMethod method, Option<?> option, String value) {
        try {
            return option.parser().apply(value);
        } catch (IllegalArgumentException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    method.id()
                            + ": option '"
                            + option.key()
                            + "' cannot be '"
                            + value
                            + "'\n  values: "
                            + option.values()
                            + "\n  it does: "
                            + option.sentence(),
                    e);
        }
    }

    private static VitrailException unknown(List<AttributionMethod> methods, Given given) {
        List<AttributionMethod> meant =
                methods.stream()
                        .filter(
                                method ->
                                        given.method().isEmpty()
                                                || given.method().equals(method.id()))
                        .toList();
        String ids = methods.stream().map(AttributionMethod::id).collect(Collectors.joining(", "));
        if (meant.isEmpty()) {
            return VitrailException.usage(
                    "option '"
                            + given.method()
                            + "."
                            + given.key()
                            + "': method '"
                            + given.method()
                            + "' is not chosen\n  chosen: "
                            + (ids.isEmpty() ? "none" : ids));
        }
        Set<String> keys = new java.util.LinkedHashSet<>();
        StringBuilder lists = new StringBuilder();
        for (AttributionMethod method : meant) {
            List<String> own = method.options().stream().map(Option::key).toList();
            keys.addAll(own);
            lists.append("\n  options of ").append(method.id()).append(": ");
            lists.append(own.isEmpty() ? "none" : String.join(", ", own));
        }
        List<String> nearest = NearestNames.of(given.key(), keys);
        return VitrailException.usage(
                "no option '"
                        + given.key()
                        + "' in "
                        + meant.stream()
                                .map(AttributionMethod::id)
                                .collect(Collectors.joining(", "))
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + lists);
    }
}
