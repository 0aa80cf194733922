package io.vitrail.cli;

import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.render.ColourMap;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Score;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an explain call asks for, checked as far as it can be without the model.
 *
 * @param settings {@code [METHOD.]KEY=VALUE}
 * @param folder where files go
 * @param save of {@code png}, {@code html}, {@code npz}, {@code json}
 * @param strict whether an empty map is an error
 * @param deadline how long each method has for each batch
 * @param colours the maps of overlays: at most one of a kind
 * @param vocabulary the words of tokens
 * @param save of {@code png}, {@code npz}, {@code zarr}, {@code json}
 * @param strict whether an empty map is an error
 * @param deadline how long each method has for each batch
 * @param colours the maps of overlays: at most one of a kind
 * @param many how many inputs are gone through
 */
record Asked(
        Path model,
        List<String> methods,
        List<String> layers,
        List<String> targets,
        List<String> settings,
        Score score,
        PictureOptions.Given pictures,
        Path folder,
        Set<String> save,
        boolean strict,
        Optional<Duration> deadline,
        List<ColourMap> colours,
        Vocabulary vocabulary,
        Many many) {
    private static final Pattern ONE_AN_ITEM = Pattern.compile("(.*/)?class:(\\d+(?:,\\d+)+)");

    /**
     * How many inputs are gone through.
     *
     * @param resume whether to leave out what an earlier run has done
     * @param summary whether to say what came of all
     * @param ordered whether results come in the order of the inputs
     * @param memory what the process should keep within, in bytes; 0 for no matter
     * @param ioThreads the threads that read and write; 0 for as many as suit the machine
     * @param engineOptions those of the engine, which results may depend on
     */
    record Many(
            boolean resume,
            boolean summary,
            boolean ordered,
            long memory,
            int ioThreads,
            Map<String, String> engineOptions) {
        Many {
            engineOptions = Map.copyOf(engineOptions);
        }

        Explanation applyTo(Explanation explanation) {
            if (!ordered) {
                explanation.unordered();
            }
            if (memory > 0) {
                explanation.memory(memory);
            }
            if (ioThreads > 0) {
                explanation.ioThreads(ioThreads);
            }
            return explanation;
        }
    }

    Asked {
        methods = List.copyOf(new LinkedHashSet<>(methods));
        layers = List.copyOf(new LinkedHashSet<>(layers));
        targets = List.copyOf(new LinkedHashSet<>(targets)); // said twice, it is one map still
        settings = List.copyOf(settings);
        save = Set.copyOf(save);
        colours = List.copyOf(colours);
    }

    /** Return this call with these maps for its overlays. */
    Asked colours(List<ColourMap> maps) {
        return new Asked(
                model,
                methods,
                layers,
                targets,
                settings,
                score,
                pictures,
                folder,
                save,
                strict,
                deadline,
                maps,
                vocabulary,
                many);
    }

    /** Return the options of the engine, by key. */
    Map<String, String> engineOptions() {
        return new TreeMap<>(many.engineOptions());
    }

    /** Return whether a target has a class for each input. */
    boolean hasTargetsOfEach() {
        return targets.stream().anyMatch(target -> ONE_AN_ITEM.matcher(target).matches());
    }

    /** Tell an explanation all of it, with targets for the items from {@code first} on. */
    Explanation applyTo(Explanation explanation, Model loaded, List<String> itsTargets) {
        methods.forEach(explanation::with);
        layers.forEach(explanation::layer);
        itsTargets.forEach(explanation::target);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            explanation.option(setting.substring(0, equals), setting.substring(equals + 1));
        }
        explanation.score(score);
        deadline.ifPresent(explanation::deadline);
        many.applyTo(explanation);
        return pictures.applyTo(explanation, loaded);
    }

    /**
     * Return the targets for some of many pictures: of {@code class:K1,K2,...} those of theirs.
     *
     * @param first position of the first of them
     * @param count how many they are
     * @param total how many pictures there are in all
     */
    List<String> targetsFor(int first, int count, int total) {
        return targets.stream().map(target -> part(target, first, count, total)).toList();
    }

    private static String part(String target, int first, int count, int total) {
        Matcher list = ONE_AN_ITEM.matcher(target);
        if (!list.matches()) {
            return target;
        }
        String[] classes = list.group(2).split(",");
        if (classes.length != total) {
            throw VitrailException.usage(
                    "-t "
                            + target
                            + ": "
                            + classes.length
                            + " classes for "
                            + total
                            + (total == 1 ? " input" : " inputs")
                            + "\n  give one an input, or one for all: class:"
                            + classes[0]);
        }
        String prefix = list.group(1) == null ? "" : list.group(1);
        return prefix + "class:" + String.join(",", List.of(classes).subList(first, first + count));
    }
}
