package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Provided;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A plugin whose classes are linked, and what became of its promises.
 *
 * @param fitted those of Vitrail's services, kept at once
 * @param later others, kept when somebody asks
 */
record Loaded(
        Candidate candidate, Classes classes, List<Fitted> fitted, Map<Promise, Fitted> later) {

    /** Link a plugin and create what it provides for Vitrail. */
    static Loaded of(Candidate candidate, List<Loaded> needed) throws Refused {
        Classes classes = Linking.link(candidate, needed.stream().map(Loaded::classes).toList());
        Fitting fitting = new Fitting(origin(candidate, classes), classes);
        List<Fitted> fitted = new ArrayList<>();
        for (Promise promise : classes.promises().stream().distinct().toList()) {
            if (promise.ofVitrail()) {
                fitted.add(fitting.fit(promise));
            }
        }
        return new Loaded(candidate, classes, withoutDoubles(fitted), new ConcurrentHashMap<>());
    }

    private static Origin origin(Candidate candidate, Classes classes) {
        Identity identity = candidate.identity();
        return new Origin(identity.id(), identity.version(), candidate.source(), classes.loader());
    }

    /** Of several panes of one plugin with one id none is used. */
    private static List<Fitted> withoutDoubles(List<Fitted> fitted) {
        List<Fitted> checked = new ArrayList<>();
        for (Fitted one : fitted) {
            List<String> rivals =
                    fitted.stream()
                            .filter(
                                    other ->
                                            !one.id().isEmpty()
                                                    && other.id().equals(one.id())
                                                    && other.promise()
                                                            .service()
                                                            .equals(one.promise().service()))
                            .map(Fitted::provider)
                            .toList();
            checked.add(rivals.size() > 1 ? doubled(one, rivals) : one);
        }
        return checked;
    }

    private static Fitted doubled(Fitted one, List<String> rivals) {
        return new Fitted(
                one.origin(),
                one.promise(),
                "",
                one.type(),
                Optional.empty(),
                Optional.of(
                        new Problem(
                                Stage.DUPLICATE,
                                "several classes of the plugin are called '"
                                        + one.id()
                                        + "': "
                                        + String.join(", ", rivals),
                                "tell its author")));
    }

    /** Return what it provides of a service. */
    List<Fitted> providing(Class<?> service) {
        List<Fitted> all = new ArrayList<>();
        for (Fitted one : fitted) {
            if (one.promise().service().equals(service.getName())) {
                all.add(one);
            }
        }
        Fitting fitting = new Fitting(origin(candidate, classes), classes);
        for (Promise promise : classes.promises()) {
            if (!promise.ofVitrail() && promise.service().equals(service.getName())) {
                all.add(later.computeIfAbsent(promise, fitting::fit));
            }
        }
        // the same name in another class loader is another service
        all.removeIf(one -> one.problem().isEmpty() && !service.isInstance(one.object().get()));
        return all;
    }

    /** Return the first problem of what it provides, with the class that has it. */
    Optional<Problem> problem() {
        return fitted.stream()
                .filter(one -> one.problem().isPresent())
                .findFirst()
                .map(
                        one ->
                                new Problem(
                                        one.problem().get().stage(),
                                        one.provider() + ": " + one.problem().get().cause(),
                                        one.problem().get().remedy()));
    }

    /** Return why nothing of it can be used; empty if something can, or if others just need it. */
    Optional<Problem> failure() {
        boolean nothing = fitted.isEmpty() && classes.promises().isEmpty();
        boolean promised = candidate.jars().stream().anyMatch(JarContent::fitsVitrail);
        if (nothing && promised) {
            return Optional.of(
                    new Problem(
                            Stage.DISCOVERY,
                            "its META-INF/services counts for nothing, for it is a module that"
                                    + " provides nothing",
                            "add 'provides SERVICE with CLASS' to its module-info"));
        }
        if (nothing && !candidate.identity().declared()) {
            return Optional.of(
                    new Problem(
                            Stage.DISCOVERY,
                            "provides nothing",
                            "if it is a library, put it into the folder of the plugin that uses it;"
                                    + " if a plugin, add META-INF/services or 'provides'"));
        }
        boolean allBroken =
                !fitted.isEmpty() && fitted.stream().allMatch(one -> one.problem().isPresent());
        return allBroken ? problem() : Optional.empty();
    }

    /** Return what it provides, when nothing of it is whole. */
    List<Provided> broken() {
        return fitted.stream().map(one -> one.provided("")).toList();
    }

    List<Provided> provided(Names names) {
        return fitted.stream().map(one -> one.provided(names.of(one))).toList();
    }
}
