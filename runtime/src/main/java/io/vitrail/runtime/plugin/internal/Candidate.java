package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plugin that was copied and looked into, and of which no code has run.
 *
 * @param copy the private folder; empty if it was not copied
 * @param sha256 empty if it could not be read
 * @param problem what is wrong with it on its own, whatever else is plugged in
 */
record Candidate(
        Path source,
        Optional<Path> copy,
        String sha256,
        List<JarContent> jars,
        Identity identity,
        Optional<Problem> problem) {

    /** Look at a jar or folder; what is wrong with it becomes its problem. */
    static Candidate of(Path source, PrivateCopies copies, Trust trust) {
        Identity identity = Identity.ofFile(source);
        PrivateCopies.Copied copied;
        try {
            copied = copies.copy(source);
        } catch (Refused e) {
            return new Candidate(
                    source, Optional.empty(), "", List.of(), identity, Optional.of(e.problem()));
        }
        List<JarContent> jars = new ArrayList<>();
        Optional<Problem> problem = Optional.empty();
        try {
            for (Path jar : copied.jars()) {
                jars.add(JarContent.read(jar));
            }
            identity = Identity.of(source, jars);
        } catch (Refused e) {
            problem = Optional.of(e.problem());
        }
        Optional<Problem> own = problem;
        Identity known = identity;
        return new Candidate(
                source,
                Optional.of(copied.folder()),
                copied.sha256(),
                List.copyOf(jars),
                identity,
                trust.problem(source, identity.id(), copied.sha256())
                        .or(() -> own)
                        .or(() -> api(known)));
    }

    /** Refuse a plugin that is made for another api. */
    private static Optional<Problem> api(Identity identity) {
        Optional<Version> here = ApiVersion.here();
        if (here.isEmpty()) {
            return Optional.empty();
        }
        Version api = here.get();
        if (!identity.apiRange().isEmpty()
                && !VersionRange.parse(identity.apiRange()).contains(api)) {
            return Optional.of(incompatible("needs Vitrail's api " + identity.apiRange(), api));
        }
        Optional<Version> compiled = Identity.parsed(identity.compiledAgainst());
        if (identity.apiRange().isEmpty()
                && compiled.isPresent()
                && !VersionRange.compatibleWith(compiled.get()).contains(api)) {
            return Optional.of(
                    incompatible("was compiled against Vitrail's api " + compiled.get(), api));
        }
        return Optional.empty();
    }

    private static Problem incompatible(String cause, Version api) {
        return new Problem(
                Stage.API,
                cause + ", and this is " + api,
                "take a version of the plugin that is made for " + api + ", or another Vitrail");
    }

    /** Return what is known, in a state. */
    Plugin plugin(Plugin.State state, Optional<Problem> found, List<Plugin.Provided> panes) {
        return new Plugin(
                identity.id(),
                identity.version(),
                identity.vendor(),
                identity.apiRange(),
                identity.compiledAgainst(),
                state,
                found,
                source,
                copy,
                sha256,
                panes,
                identity.needs());
    }
}
