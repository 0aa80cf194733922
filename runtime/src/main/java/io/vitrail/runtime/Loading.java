package io.vitrail.runtime;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.repository.zoo.ZooModel;
import io.vitrail.api.BlockFormat;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.internal.Thrown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From a file, or from what DJL loaded, to a model. */
record Loading(Panes panes, String engine, Engine.Settings settings) {

    Model load(Path file) {
        return load(file, Sidecar::of);
    }

    /** Load a model, with the sidecar of its file. */
    Model load(Path file, Function<Path, Sidecar> sidecars) {
        if (!Files.exists(file)) {
            throw VitrailException.model(
                    file + ": no such file\n  working folder: " + Path.of("").toAbsolutePath());
        }
        if (!Files.isReadable(file)) {
            throw VitrailException.model(file + ": cannot be read; check its permissions");
        }
        Pane.Whole<ModelFormat> format = format(file);
        Sidecar sidecar = sidecars.apply(file);
        return new LoadedModel(load(open(file, format)), sidecar);
    }

    Model load(Block block, String name, List<Shape> inputs) {
        return load(block, name, inputs, engine);
    }

    private Model load(Block block, String name, List<Shape> inputs, String preferred) {
        List<Pane.Whole<BlockFormat>> readers = Panes.whole(panes.blocks());
        if (readers.isEmpty()) {
            throw VitrailException.failure(
                    name + ": nothing reads DJL's blocks\n  do: add io.vitrail:vitrail-engine-djl");
        }
        return load(readers.get(0).service().open(block, name, inputs, preferred));
    }

    /** Load a model of DJL's, with its translator if it is from a zoo. */
    Model load(ai.djl.Model model) {
        List<Shape> shapes = new ArrayList<>();
        if (!(model.getBlock() instanceof SymbolBlock)) { // its file knows better
            model.describeInput().forEach(input -> shapes.add(input.getValue()));
        }
        OwnTranslator translator =
                model instanceof ZooModel<?, ?> zoo && zoo.getTranslator() != null
                        ? new OwnTranslator(model, zoo.getTranslator())
                        : null;
        String preferred = model.getNDManager().getEngine().getEngineName();
        Model loaded =
                load(model.getBlock(), model.getName(), shapes, preferred.toLowerCase(Locale.ROOT));
        return new LoadedModel(loaded, Sidecar.EMPTY, translator);
    }

    Model load(GraphSource source) {
        try {
            return engineFor(source).load(source, settings);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** The application's formats are asked first: no plugin's takes a file from them. */
    private Pane.Whole<ModelFormat> format(Path file) {
        List<String> failed = new ArrayList<>();
        for (boolean ofPlugins : List.of(false, true)) {
            List<Pane.Whole<ModelFormat>> claiming = claiming(file, ofPlugins, failed);
            if (claiming.size() > 1) {
                throw VitrailException.model(
                        file
                                + ": several formats claim it: "
                                + claiming.stream()
                                        .map(Loading::named)
                                        .collect(Collectors.joining(", "))
                                + "; give it the suffix of one of them"
                                + (ofPlugins ? ", or remove one of the plugins" : ""));
            }
            if (claiming.size() == 1) {
                return claiming.get(0);
            }
        }
        if (Files.isDirectory(file)) {
            throw VitrailException.model(file + ": is a folder; name the model's file in it");
        }
        throw VitrailException.model(file + ": is of no known format" + known() + lines(failed));
    }

    private List<Pane.Whole<ModelFormat>> claiming(
            Path file, boolean ofPlugins, List<String> failed) {
        List<Pane.Whole<ModelFormat>> claiming = new ArrayList<>();
        for (Pane.Whole<ModelFormat> pane : Panes.whole(panes.formats())) {
            try {
                if (pane.plugin().isEmpty() != ofPlugins && pane.service().claims(file)) {
                    claiming.add(pane);
                }
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                failed.add(named(pane) + " failed to look at it: " + Thrown.said(e));
            }
        }
        if (claiming.size() < 2) {
            return claiming;
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        List<Pane.Whole<ModelFormat>> fitting =
                claiming.stream()
                        .filter(pane -> pane.service().suffixes().stream().anyMatch(name::endsWith))
                        .toList();
        return fitting.size() == 1 ? fitting : claiming;
    }

    private static String named(Pane.Whole<ModelFormat> pane) {
        return pane.plugin().isEmpty()
                ? pane.id()
                : pane.id() + " of plugin '" + pane.plugin() + "'";
    }

    /** Open a file; what a plugin's format throws of its own names the plugin. */
    private GraphSource open(Path file, Pane.Whole<ModelFormat> format) {
        try {
            GraphSource source = format.service().open(file, panes.services());
            if (source == null) {
                throw new IllegalStateException("it opened nothing");
            }
            return source;
        } catch (VitrailException | CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            if (format.plugin().isEmpty()) {
                throw e;
            }
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    file
                            + ": format '"
                            + format.id()
                            + "' of plugin '"
                            + format.plugin()
                            + "' ("
                            + format.origin()
                            + ") failed: "
                            + Thrown.said(e)
                            + "\n  do: tell the plugin's author, or remove the plugin",
                    e);
        }
    }

    private String known() {
        String formats =
                Panes.whole(panes.formats()).stream()
                        .map(
                                pane ->
                                        pane.id()
                                                + " ("
                                                + String.join(", ", pane.service().suffixes())
                                                + ")")
                        .collect(Collectors.joining(", "));
        return "\n  known formats: " + (formats.isEmpty() ? "none is installed" : formats);
    }

    private static String lines(List<String> texts) {
        return texts.stream().map(text -> "\n  " + text).collect(Collectors.joining());
    }

    private Engine engineFor(GraphSource source) {
        String only = source.engine().orElse("");
        if (!engine.isEmpty() && !only.isEmpty() && !engine.equals(only)) {
            throw VitrailException.usage(
                    source.name()
                            + ": a "
                            + source.format()
                            + " file runs on engine '"
                            + only
                            + "' only, not on '"
                            + engine
                            + "'");
        }
        String wanted = engine.isEmpty() ? only : engine;
        if (!wanted.isEmpty()) {
            Engine found = panes.engine(wanted);
            if (!found.missing().isEmpty()) {
                throw VitrailException.failure("engine '" + wanted + "': " + found.missing());
            }
            return found;
        }
        List<String> missing = new ArrayList<>();
        List<Pane.Whole<Engine>> candidates = new ArrayList<>(Panes.whole(panes.engines()));
        candidates.sort(Comparator.comparing(pane -> -pane.service().preference()));
        for (Pane.Whole<Engine> pane : candidates) {
            String why = pane.service().missing();
            if (why.isEmpty()) {
                return pane.service();
            }
            missing.add(pane.id() + ": " + why);
        }
        throw VitrailException.failure(source.name() + ": no engine to run it" + lines(missing));
    }
}
