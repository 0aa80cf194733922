package io.vitrail.runtime;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.dataset.Dataset;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.Services;
import io.vitrail.api.TargetForm;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import io.vitrail.runtime.plugin.Plugins;
import io.vitrail.runtime.plugin.internal.PluginFolders;
import io.vitrail.runtime.plugin.internal.PluginSettings;
import io.vitrail.runtime.plugin.internal.PluginStore;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Find methods, formats and engines, load models, explain.
 *
 * <pre>{@code
 * try (Vitrail vitrail = Vitrail.open(); Model model = vitrail.load(Path.of("resnet50.pt"))) {
 *     Attribution heat = vitrail.explain(model, picture).with("grad-cam").layer("layer4").run();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. Nothing starts before it is needed: an engine starts with the
 * first model. Who loads a model closes it. After {@link #close}, {@code load} and {@code explain}
 * throw {@link IllegalStateException}.
 */
public final class Vitrail implements AutoCloseable {
    private volatile Panes panes;
    private final PluginStore plugins;
    private final String engine;
    private final Engine.Settings settings;
    private final long seed;
    private final Map<ai.djl.Model, Model> zoo = new IdentityHashMap<>();
    private volatile boolean closed;

    private Vitrail(Builder builder) {
        Panes application = Panes.find(builder.added);
        this.panes = application;
        this.plugins =
                new PluginStore(
                        builder.plugins.copy(),
                        application.taken(),
                        set -> panes = application.with(set));
        this.engine = builder.engine;
        this.settings = new Engine.Settings(builder.device, builder.threads, builder.engineOptions);
        this.seed = builder.seed;
    }

    /** Open Vitrail with what is on the class path and module path, on the CPU. */
    public static Vitrail open() {
        return builder().open();
    }

    /** Start to choose engine, device, threads, seed and plugins. */
    public static Builder builder() {
        return new Builder();
    }

    /** Choose how to open Vitrail. */
    public static final class Builder {
        private final Panes.Added added = new Panes.Added();
        private final PluginSettings plugins = new PluginSettings();
        private String engine = "";
        private Device device = Device.cpu();
        private int threads;
        private final Map<String, String> engineOptions = new LinkedHashMap<>();
        private long seed;

        private Builder() {}

        /** Run models on the engine of this name; by default on the one that runs their format. */
        public Builder engine(String name) {
            engine = name;
            return this;
        }

        /** Run models on this device. */
        public Builder device(Device where) {
            device = where;
            return this;
        }

        /** Let the engine use this many threads; 0, the default, is the engine's own choice. */
        public Builder threads(int number) {
            if (number < 0) {
                throw VitrailException.usage("threads: " + number + "; 0 or more, please");
            }
            threads = number;
            return this;
        }

        /** Set an option of the engine, as {@code -E KEY=VALUE} does. */
        public Builder engineOption(String key, String value) {
            engineOptions.put(key, value);
            return this;
        }

        /** Seed methods that draw random numbers; the default is 0. */
        public Builder seed(long start) {
            seed = start;
            return this;
        }

        /** Fit a method that is in no jar. */
        public Builder fit(AttributionMethod method) {
            added.methods().add(method);
            return this;
        }

        /** Fit a format that is in no jar. */
        public Builder fit(ModelFormat format) {
            added.formats().add(format);
            return this;
        }

        /** Fit a form of targets that is in no jar. */
        public Builder fit(TargetForm form) {
            added.targets().add(form);
            return this;
        }

        /** Fit an engine that is in no jar. */
        public Builder fit(Engine fitted) {
            added.engines().add(fitted);
            return this;
        }

        /**
         * Load the plugins of this folder: each jar, and each folder of jars; may be repeated.
         *
         * <p>A plugin is code and may do all that the program may do. A {@code plugins.lock} in the
         * folder says which of them are loaded.
         */
        public Builder plugins(Path folder) {
            plugins.folders().add(folder);
            return this;
        }

        /**
         * Load the plugins of the user as well, as the command line does: those in {@code
         * ~/.vitrail/plugins} and in the folders that the environment's {@code VITRAIL_PLUGINS}
         * names; of these, folders that are not there are passed over. By default only what {@link
         * #plugins} names is loaded.
         */
        public Builder userPlugins() {
            plugins.folders().addAll(PluginFolders.ofUser());
            return this;
        }

        /** Load only plugins that this lock lists, wherever they lie, and none if it is missing. */
        public Builder pluginLock(Path file) {
            plugins.locks().add(file);
            return this;
        }

        /**
         * Keep the private copies of plugins here; by default in {@code ~/.vitrail/cache/plugins},
         * or in a temporary folder where that cannot be written.
         */
        public Builder pluginCache(Path folder) {
            plugins.caches().add(folder);
            return this;
        }

        /** Find what is plugged in, as {@link #open} does. */
        public Vitrail build() {
            return open();
        }

        /**
         * Find what is plugged in; start nothing.
         *
         * @throws VitrailException of kind {@code USAGE} if there is no engine of the chosen name,
         *     or no such folder of plugins
         */
        public Vitrail open() {
            Vitrail opened = new Vitrail(this);
            if (!engine.isEmpty()) {
                opened.panes.engine(engine);
            }
            return opened;
        }
    }

    /**
     * Load a model; its sidecar is read as well, if it has one.
     *
     * @throws VitrailException of kind {@code MODEL} if the file is missing, of no known format, or
     *     refused; of kind {@code USAGE} if its sidecar is wrong or the chosen engine cannot run it
     */
    public Model load(Path file) {
        checkOpen();
        return new Loading(panes, engine, settings).load(file);
    }

    /** Load a model from a source, which the model owns from here on. */
    public Model load(GraphSource source) {
        checkOpen();
        return new Loading(panes, engine, settings).load(source);
    }

    /**
     * Load the network that a model of DJL's holds: a TorchScript file, or blocks.
     *
     * <p>The model stays its owner's, is not changed, and may be closed at any time. Its weights
     * are shared: what is trained on is explained. Of a {@link ZooModel} the translator comes
     * along; it makes inputs of pictures and names the classes.
     *
     * @throws VitrailException of kind {@code MODEL} if its block is not initialised; when it is
     *     explained, also if the block's code has no form in a graph
     */
    public Model load(ai.djl.Model model) {
        checkOpen();
        return new Loading(panes, engine, settings).load(model);
    }

    /**
     * Load a block of DJL's, as {@link #load(ai.djl.Model)} does.
     *
     * @param inputs the shapes of its inputs, batch included
     */
    public Model load(Block block, Shape... inputs) {
        checkOpen();
        String name = block.getClass().getSimpleName();
        return new Loading(panes, engine, settings).load(block, name, List.of(inputs));
    }

    /** Return what the sidecar of a model says; {@link Sidecar#EMPTY} if it has none. */
    public static Sidecar sidecar(Model model) {
        return model instanceof LoadedModel loaded ? loaded.sidecar() : Sidecar.EMPTY;
    }

    /** Explain what a model sees in a picture: PNG, JPEG, GIF or BMP. */
    public Explanation explain(Model model, Path picture) {
        return explain(model, List.of(picture));
    }

    /** Explain what a model sees in pictures, as one batch or several. */
    public Explanation explain(Model model, List<Path> pictures) {
        Pictures files = Pictures.files(pictures);
        return explain(
                model,
                LoadedModel.translator(model)
                        .<Inputs>map(own -> files.translated(own, pictures))
                        .orElse(files));
    }

    /** Explain what a model sees in a picture that was read before. */
    public Explanation explain(Model model, Picture picture) {
        return explain(model, Pictures.of(List.of(picture)));
    }

    /** Explain what a model sees in a picture of DJL's. */
    public Explanation explain(Model model, Image picture) {
        return explain(
                model,
                LoadedModel.translator(model)
                        .<Inputs>map(own -> Pictures.translated(own, picture))
                        .orElseGet(() -> Pictures.image(picture)));
    }

    /**
     * Explain what a model of DJL's zoo sees in a picture; its own translator makes the input and
     * names the classes.
     *
     * <p>The network is loaded at the first call and kept until this is closed. To let go of it
     * earlier, {@link #load(ai.djl.Model) load} it.
     */
    public Explanation explain(ZooModel<Image, ?> model, Image picture) {
        checkOpen();
        Model loaded;
        synchronized (zoo) {
            loaded = zoo.get(model);
            if (loaded == null) {
                loaded = load(model);
                zoo.put(model, loaded);
            }
        }
        return explain(loaded, picture);
    }

    /**
     * Explain what a model sees in arrays, fed as they are.
     *
     * @param inputs one array an input, first axis the batch; not changed, not closed. Integers and
     *     half types keep their type
     */
    public Explanation explain(Model model, NDList inputs) {
        return explain(model, Inputs.arrays(inputs));
    }

    /** Explain what a model sees in numbers, fed as they are; one for each of its inputs. */
    public Explanation explain(Model model, Values... inputs) {
        return explain(model, Inputs.values(List.of(inputs)));
    }

    /** Explain what a model with one input sees in numbers of this shape, batch included. */
    public Explanation explain(Model model, float[] data, long... shape) {
        return explain(model, Inputs.floats(data, shape));
    }

    /**
     * Explain what a model sees in inputs that come one after the other, however many; with {@link
     * Explanation#stream} they need not fit into memory.
     *
     * @param inputs each a {@link Path}, {@link Picture} or {@link Image}; a {@link Values} whose
     *     first axis is the batch; an {@link NDList}, a batch of its own, or a function from {@link
     *     ai.djl.ndarray.NDManager} that makes one; or a supplier of one of these, which is asked
     *     when its turn comes
     */
    public Explanation explain(Model model, Iterable<?> inputs) {
        return explain(model, new Sequence(inputs::iterator, () -> {}));
    }

    /** Explain what a model sees in inputs that come one after the other; runs once. */
    public Explanation explain(Model model, Iterator<?> inputs) {
        return explain(model, new Sequence(() -> inputs, () -> {}));
    }

    /**
     * Explain what a model sees in inputs that come one after the other; runs once, and closes the
     * stream.
     */
    public Explanation explain(Model model, Stream<?> inputs) {
        return explain(model, new Sequence(inputs::iterator, inputs::close));
    }

    /** Explain what a model sees in a dataset of DJL's, in its own batches, fed as they are. */
    public Explanation explain(Model model, Dataset inputs) {
        return explain(model, new DatasetInputs(inputs));
    }

    /**
     * Explain inputs that come one after the other, however many, and say of each what became of
     * it: {@code stream(model, photos, how -> how.with("grad-cam").batch(8))}.
     *
     * @param inputs see {@link #explain(Model, Iterable)}; suppliers are asked on a thread that
     *     reads, functions when their batch runs
     * @param how says what to explain
     * @see Explanation#outcomes()
     */
    public Stream<Outcome> stream(Model model, Iterable<?> inputs, UnaryOperator<Explanation> how) {
        return how.apply(explain(model, new Sequence(inputs::iterator, () -> {}))).outcomes();
    }

    /**
     * Explain inputs that come one after the other, and close their stream at the end; see {@link
     * #stream(Model, Iterable, UnaryOperator)}.
     */
    public Stream<Outcome> stream(Model model, Stream<?> inputs, UnaryOperator<Explanation> how) {
        return how.apply(explain(model, inputs)).outcomes();
    }

    private Explanation explain(Model model, Inputs inputs) {
        checkOpen();
        return Explanation.of(panes, model, inputs, seed);
    }

    /** Return every method found, whole or broken, by id. */
    public List<Pane<AttributionMethod>> methods() {
        return panes.methods();
    }

    /** Return every format found, whole or broken, by id. */
    public List<Pane<ModelFormat>> formats() {
        return panes.formats();
    }

    /** Return every form of targets that plugins add, whole or broken, by its head. */
    public List<Pane<TargetForm>> targets() {
        return panes.targets();
    }

    /** Return every engine found, whole or broken, by name; starts none. */
    public List<Pane<Engine>> engines() {
        return panes.engines();
    }

    /**
     * Fetch a method by its id, or by {@code PLUGIN:ID}.
     *
     * @throws VitrailException of kind {@code USAGE} if there is none; the message has the nearest
     *     ids
     */
    public AttributionMethod method(String id) {
        return panes.method(id);
    }

    /** Return the plugins, to list, install, remove and reload them while this is open. */
    public Plugins plugins() {
        return plugins;
    }

    /**
     * Return the providers of any service, the application's and then the plugins', as they are
     * now.
     */
    public Services services() {
        return panes.services();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this Vitrail is closed");
        }
    }

    /** Let go of the plugins; models that were loaded stay open until they are closed. */
    @Override
    public void close() {
        closed = true;
        plugins.close();
        synchronized (zoo) {
            zoo.values().forEach(Model::close);
            zoo.clear();
        }
    }
}
