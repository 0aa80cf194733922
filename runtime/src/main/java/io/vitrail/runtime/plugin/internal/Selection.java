package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Need;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Choose of each plugin the highest version that works, and load it after those that it needs.
 *
 * <p>What was loaded before from the same copy, linked to the same plugins, stays loaded.
 */
final class Selection {
    private static final Comparator<Candidate> HIGHEST_FIRST =
            Comparator.comparing((Candidate one) -> one.identity().comparable()).reversed();

    private final Map<String, List<Candidate>> byId = new TreeMap<>();
    private final Map<Candidate, Attempt> before;
    private final Map<Candidate, Attempt> attempts = new IdentityHashMap<>();
    private final Map<Candidate, Problem> problems = new IdentityHashMap<>();
    private final Map<String, Loaded> loaded = new LinkedHashMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    /**
     * @param candidates in the order in which equals win
     * @param before what was tried of them before
     */
    Selection(List<Candidate> candidates, Map<Candidate, Attempt> before) {
        this.before = before;
        for (Candidate one : candidates) {
            byId.computeIfAbsent(one.identity().id(), id -> new ArrayList<>()).add(one);
        }
        byId.values().forEach(versions -> versions.sort(HIGHEST_FIRST));
        byId.keySet().forEach(id -> load(id, List.of()));
    }

    /** What came of loading a candidate, linked to these; a plugin that loaded, or why not. */
    record Attempt(
            List<Loaded> needed,
            Optional<Loaded> loaded,
            Optional<Problem> problem,
            List<Plugin.Provided> broken) {
        static Attempt at(Candidate candidate, List<Loaded> needed) {
            try {
                Loaded fit = Loaded.of(candidate, needed);
                Optional<Problem> failure = fit.failure();
                return failure.isPresent()
                        ? new Attempt(needed, Optional.empty(), failure, fit.broken())
                        : new Attempt(needed, Optional.of(fit), failure, List.of());
            } catch (Refused e) {
                return new Attempt(needed, Optional.empty(), Optional.of(e.problem()), List.of());
            }
        }

        boolean holdsFor(List<Loaded> others) {
            if (others.size() != needed.size()) {
                return false;
            }
            for (int i = 0; i < others.size(); i++) {
                if (others.get(i) != needed.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Return what was tried, for the next selection. */
    Map<Candidate, Attempt> attempts() {
        return attempts;
    }

    /** Return what was loaded, by id. */
    Map<String, Loaded> loaded() {
        return loaded;
    }

    /** Return every candidate, by id, the highest version first. */
    List<Candidate> candidates() {
        return byId.values().stream().flatMap(List::stream).toList();
    }

    /** Return why a candidate was not loaded, or is but for some of its panes. */
    Optional<Problem> problem(Candidate candidate) {
        return Optional.ofNullable(problems.get(candidate));
    }

    /** Return what a plugin that is not used would provide, as far as that was tried. */
    List<Plugin.Provided> broken(Candidate candidate) {
        Attempt attempt = attempts.get(candidate);
        return attempt == null ? List.of() : attempt.broken;
    }

    /** Load a plugin; {@code asking} are those that wait for it, the first first. */
    private void load(String id, List<String> asking) {
        if (loaded.containsKey(id) || failed.containsKey(id)) {
            return;
        }
        List<String> deeper = new ArrayList<>(asking);
        deeper.add(id);
        for (Candidate candidate : byId.get(id)) {
            if (loaded.containsKey(id)) {
                problems.put(candidate, superseded(candidate, loaded.get(id).candidate()));
                continue;
            }
            try {
                Loaded fit = fit(candidate, deeper);
                fit.problem().ifPresent(problem -> problems.put(candidate, problem));
                loaded.put(id, fit);
            } catch (Refused e) {
                problems.put(candidate, e.problem());
            }
        }
        if (!loaded.containsKey(id)) {
            failed.put(id, problems.get(byId.get(id).get(0)).cause());
        }
    }

    private Loaded fit(Candidate candidate, List<String> asking) throws Refused {
        if (candidate.problem().isPresent()) {
            throw refused(candidate.problem().get());
        }
        List<Loaded> needed = new ArrayList<>();
        for (Need need : candidate.identity().needs()) {
            needed.add(needed(need, asking));
        }
        Attempt same = before.get(candidate);
        Attempt attempt =
                same != null && same.holdsFor(needed) ? same : Attempt.at(candidate, needed);
        attempts.put(candidate, attempt);
        if (attempt.problem.isPresent()) {
            throw refused(attempt.problem.get());
        }
        return attempt.loaded.orElseThrow();
    }

    private static Refused refused(Problem problem) {
        return new Refused(problem.stage(), problem.cause(), problem.remedy());
    }

    private Loaded needed(Need need, List<String> asking) throws Refused {
        String id = need.id();
        if (asking.contains(id)) {
            String circle =
                    String.join(" needs ", asking.subList(asking.indexOf(id), asking.size()));
            throw unmet(
                    "plugins need each other in a circle: " + circle + " needs " + id,
                    "let one of them do without the other");
        }
        if (!byId.containsKey(id)) {
            throw unmet("needs plugin '" + id + "', which is not there", "install " + id);
        }
        load(id, asking);
        if (failed.containsKey(id)) {
            throw unmet(
                    "needs plugin '" + id + "', which is broken: " + failed.get(id),
                    "mend " + id + " first");
        }
        Loaded found = loaded.get(id);
        if (!need.range().isEmpty()
                && !VersionRange.parse(need.range())
                        .contains(found.candidate().identity().comparable())) {
            throw unmet(
                    "needs plugin '"
                            + id
                            + "' "
                            + need.range()
                            + ", and it is "
                            + said(found.candidate().identity().version()),
                    "install a version of " + id + " in " + need.range());
        }
        return found;
    }

    private static Refused unmet(String cause, String remedy) {
        return new Refused(Stage.NEEDS, cause, remedy);
    }

    private static Problem superseded(Candidate candidate, Candidate winner) {
        String mine = candidate.identity().version();
        String other = winner.identity().version();
        boolean same = candidate.identity().comparable().equals(winner.identity().comparable());
        return new Problem(
                Stage.VERSION,
                "superseded: "
                        + (same ? "the same version, " : "version ")
                        + said(other)
                        + ", is loaded from "
                        + winner.source()
                        + (same ? "" : "; this is " + said(mine)),
                "delete it, or remove the other");
    }

    private static String said(String version) {
        return version.isEmpty() ? "without a version" : version;
    }
}
