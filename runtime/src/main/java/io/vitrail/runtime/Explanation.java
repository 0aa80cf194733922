package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Choose what to explain and how, then run.
 *
 * <p>The shortest call is right: without further words it is Grad-CAM at the last layer with a
 * spatial output, for the class that the network predicts for each item. Every call changes this
 * object and returns it; it belongs to one thread at a time and may be run more than once.
 *
 * <p>Nothing is checked against the model before {@link #run} or {@link #runAll}; both throw {@link
 * VitrailException}: of kind {@code USAGE} for an unknown method, option, layer, target, class or
 * preprocessing, {@code INPUT} for an input that is missing or does not fit, {@code FAILURE} for a
 * method or engine that failed.
 */
public final class Explanation {
    /** The method where none is chosen. */
    public static final String DEFAULT_METHOD = "grad-cam";

    final Panes panes;
    final Model model;
    final Inputs inputs;
    final List<String> methods = new ArrayList<>();
    final List<OptionSettings.Given> options = new ArrayList<>();
    final List<String> layers = new ArrayList<>();
    final List<Wanted> targets = new ArrayList<>();
    Score score = Score.LOGIT;
    String preprocess;
    List<String> labels;
    double boxThreshold = 0.3;
    double boxOverlap = 0.45;
    int batch;
    long memory;
    int ioThreads;
    boolean ordered = true;
    BooleanSupplier stop = () -> false;
    long seed;
    ProgressListener progress = (step, done, total) -> {};
    BooleanSupplier cancelled = () -> false;
    @Nullable Duration deadline;
    Appetite.Bounds appetite = Appetite.Bounds.usual();

    private Explanation(Panes panes, Model model, Inputs inputs, long seed) {
        this.panes = panes;
        this.model = model;
        this.inputs = inputs;
        this.seed = seed;
        Sidecar sidecar = Vitrail.sidecar(model);
        this.preprocess = sidecar.preprocess();
        this.labels = sidecar.labels();
    }

    static Explanation of(Panes panes, Model model, Inputs inputs, long seed) {
        return new Explanation(panes, model, inputs, seed);
    }

    /** Explain with the method of this id; may be repeated. */
    public Explanation with(String method) {
        if (!methods.contains(method)) {
            methods.add(method);
        }
        return this;
    }

    /**
     * Set an option of every chosen method that has it.
     *
     * @param key the option's key, or {@code METHOD.KEY} to reach one method alone
     * @param value its value as the command line spells it
     */
    public Explanation option(String key, String value) {
        int dot = key.indexOf('.', key.indexOf(':') + 1); // PLUGIN:METHOD.KEY, and ids have dots
        options.add(
                dot < 0
                        ? new OptionSettings.Given("", key, value)
                        : new OptionSettings.Given(
                                key.substring(0, dot), key.substring(dot + 1), value));
        return this;
    }

    /** Set an option of one chosen method. */
    public Explanation option(String method, String key, String value) {
        options.add(new OptionSettings.Given(method, key, value));
        return this;
    }

    /**
     * Explain at these layers; may be repeated.
     *
     * <p>By default methods such as Grad-CAM explain at the sidecar's layer, else at the last one
     * with a spatial output, and methods such as gradient at the network's inputs.
     *
     * @param nameOrGlob a layer's name, a module's name, or a pattern: {@code layer4*}
     */
    public Explanation layer(String nameOrGlob) {
        layers.add(nameOrGlob);
        return this;
    }

    /**
     * Explain this score; may be repeated, each is a part of its own. The default is {@code
     * predicted}.
     *
     * @param spelling {@code predicted}, {@code rank:R} (the class with the R-th largest value),
     *     {@code top:R} ({@code rank:1} to {@code rank:R}), {@code class:K}, {@code
     *     class:K1,K2,...} (one an item), {@code label:TEXT}, {@code sum}, {@code layer:LAYER},
     *     {@code channel:LAYER:K}, {@code neuron:LAYER:i,j,k}, {@code yolo}, {@code yolo:K}, {@code
     *     yolo:TEXT}, {@code yolo-raw}, {@code box:N}; in front of it {@code output:NAME_OR_INDEX/}
     *     or {@code at:LAYER/}
     */
    public Explanation target(String spelling) {
        targets.add(new Wanted.Spelled(spelling));
        return this;
    }

    /** Explain any score; may be repeated. */
    public Explanation target(Target target) {
        targets.add(new Wanted.Given(target));
        return this;
    }

    /** Choose which number of a class is explained; the default is its logit. */
    public Explanation score(Score which) {
        score = which;
        return this;
    }

    /**
     * Say how pictures become inputs, as {@code --preprocess} spells it; by default as the model's
     * sidecar says.
     */
    public Explanation preprocess(String spec) {
        preprocess = spec;
        return this;
    }

    /** Name the classes, for {@code label:TEXT} and results; by default as the sidecar says. */
    public Explanation labels(List<String> names) {
        labels = List.copyOf(names);
        return this;
    }

    /**
     * Choose which boxes of a detector count, for {@code box:N} and results.
     *
     * @param threshold the least confidence x class probability, 0 to 1; the default is 0.3
     * @param overlap how much two boxes of one class may share, intersection over union, 0 to 1;
     *     the default is 0.45
     */
    public Explanation boxes(double threshold, double overlap) {
        if (!(threshold >= 0 && threshold <= 1 && overlap >= 0 && overlap <= 1)) {
            throw VitrailException.usage(
                    "boxes: threshold " + threshold + ", overlap " + overlap + "; 0 to 1, please");
        }
        boxThreshold = threshold;
        boxOverlap = overlap;
        return this;
    }

    /**
     * Run so many items at once, 1 or more; by default pictures in batches of 16 and arrays as they
     * come.
     */
    public Explanation batch(int items) {
        if (items < 1) {
            throw VitrailException.usage("batch: " + items + "; 1 or more, please");
        }
        batch = items;
        return this;
    }

    /**
     * Keep the process within about this much memory, by the number of items that run at once; used
     * by {@link #outcomes()}.
     *
     * <p>How many fit is reckoned from what the process holds and the outputs of all layers, and
     * put right after each batch. At most {@link #batch} run at once, or 32 where none is given.
     *
     * @param bytes the process's memory, Java's heap and the model included
     */
    public Explanation memory(long bytes) {
        if (bytes < 1) {
            throw VitrailException.usage("memory: " + bytes + " bytes; more than none, please");
        }
        memory = bytes;
        return this;
    }

    /**
     * Read inputs and work on outcomes with so many threads; used by {@link #outcomes()}. By
     * default a quarter of the processors, at least 2 and at most 16. How many threads the engine
     * uses is another matter: {@link Vitrail.Builder#threads}.
     */
    public Explanation ioThreads(int threads) {
        if (threads < 1) {
            throw VitrailException.usage("ioThreads: " + threads + "; 1 or more, please");
        }
        ioThreads = threads;
        return this;
    }

    /**
     * Let {@link #outcomes()} come as they are ready, so that one large input holds up no others;
     * by default they come in the order of the inputs.
     */
    public Explanation unordered() {
        ordered = false;
        return this;
    }

    /**
     * End {@link #outcomes()} as soon as this holds, behind the batch in hand; asked before each
     * batch. What is explained by then still comes, and no error tells of the end.
     */
    public Explanation stopWhen(BooleanSupplier condition) {
        stop = condition;
        return this;
    }

    /** Seed methods that draw random numbers; by default as Vitrail was opened. */
    public Explanation seed(long start) {
        seed = start;
        return this;
    }

    /** Report progress to this listener, from the thread that runs. */
    public Explanation progress(ProgressListener listener) {
        progress = listener;
        return this;
    }

    /**
     * Give up as soon as this holds; asked between passes. The run then ends in a {@link
     * java.util.concurrent.CancellationException}.
     */
    public Explanation cancelWhen(BooleanSupplier condition) {
        cancelled = condition;
        return this;
    }

    /**
     * Give each method this long for each batch; by default as long as it takes.
     *
     * <p>A method that is late ends the run with an error that names it. Its thread is abandoned,
     * and what it still does with its session, pass or arrays is refused; other runs on the same
     * model go on. With a deadline methods run on a thread of their own, and progress is heard from
     * there.
     *
     * @param time for one method and one batch, passes that it asks for itself included; positive
     */
    public Explanation deadline(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw VitrailException.usage("deadline: " + time + "; more than nothing, please");
        }
        deadline = time;
        return this;
    }

    /**
     * Run the only chosen method, or the default one, and return what it found.
     *
     * @throws VitrailException of kind {@code USAGE} if several methods are chosen; see the class
     *     for others
     */
    public Attribution run() {
        checkOneMethod("runAll()");
        return runAll().attributions().values().iterator().next();
    }

    private void checkOneMethod(String instead) {
        if (methods.size() > 1) {
            throw VitrailException.usage(
                    methods.size()
                            + " methods are chosen ("
                            + String.join(", ", methods)
                            + "): "
                            + instead
                            + " returns the results of all");
        }
    }

    /**
     * Run every chosen method, or the default one, and return all that is known of the run.
     *
     * <p>Methods that need one pass share it, and so do all targets: one forward pass a batch.
     */
    public Explained runAll() {
        return new Run(this, methods.isEmpty() ? List.of(DEFAULT_METHOD) : methods).all();
    }

    /**
     * Run the only chosen method, or the default one, batch by batch, as the results are asked for.
     *
     * <p>One attribution an item, in order, with a first axis of size 1. Nothing runs before the
     * first is asked for, no more than one batch is in memory, and at most one input beyond it has
     * been looked at. An input that fails ends the stream with what {@link #run} throws. Close the
     * stream if it is not read to its end.
     *
     * @throws VitrailException of kind {@code USAGE} if several methods are chosen
     */
    public Stream<Attribution> stream() {
        checkOneMethod("streamAll()");
        return streamAll().map(one -> one.attributions().values().iterator().next());
    }

    /**
     * Run every chosen method, or the default one, batch by batch, and return all that is known of
     * each item; see {@link #stream}. Seconds and passes are those of the item's batch.
     */
    public Stream<Explained> streamAll() {
        return new Run(this, methods.isEmpty() ? List.of(DEFAULT_METHOD) : methods).stream();
    }

    /**
     * Explain input after input with every chosen method, or the default one, and say of each what
     * became of it; one that fails does not end the stream.
     *
     * <p>An outcome comes for each input: of arrays with several items there is one of them all.
     * Inputs are read ahead on threads of their own, as many as two batches and a few more hold;
     * the network runs on the thread that reads the stream. Close the stream if it is not read to
     * its end.
     *
     * <p>A batch that fails runs again item by item, and one that takes too much memory in halves.
     * A call that is wrong for every input, and a model that is refused, end the stream as long as
     * nothing is done; so does what the source of the inputs throws.
     */
    public Stream<Outcome> outcomes() {
        return outcomes(outcome -> outcome);
    }

    /**
     * Explain input after input, work on each outcome while others are read and explained, and
     * return what comes of that; see {@link #outcomes()}.
     *
     * <p>With work that draws and writes, all is overlapped: reading, the network, writing. No more
     * outcomes are in hand than about three batches; the network waits for slow work.
     *
     * @param work done on the {@link #ioThreads}, several at once; what it throws ends the stream
     */
    public <R> Stream<R> outcomes(Function<? super Outcome, ? extends R> work) {
        List<String> chosen = methods.isEmpty() ? List.of(DEFAULT_METHOD) : methods;
        return new Run(this, chosen).outcomes(work);
    }

    /**
     * Run once and drop the results, so that no caller of yours waits for what happens once:
     * weights laid out, scripts compiled, classes loaded.
     *
     * <p>Call it when a service starts, with the methods, layers and options of its calls and an
     * input of their shape, the batch included: an engine may lay weights out for each shape.
     *
     * @return this, for the first real run
     */
    public Explanation warmUp() {
        runAll();
        return this;
    }

    /**
     * Run the network without explaining it: outputs, and scores of the targets that are chosen.
     */
    public Explained predict() {
        return new Run(this, List.of()).all();
    }
}
