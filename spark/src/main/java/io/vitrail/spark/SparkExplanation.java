package io.vitrail.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.vitrail.api.VitrailException;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Score;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Say what to explain and how, then explain the pictures of a Dataset.
 *
 * <pre>{@code
 * Dataset<Row> files = spark.read().format("binaryFile").load("hdfs:///photos");
 * Dataset<Row> maps = SparkExplanation.of("resnet50.pt").ship(spark).method("grad-cam").explain(files);
 * maps.write().parquet("hdfs:///maps");
 * }</pre>
 *
 * <p>Every word means what it means in {@link Explanation}, and the shortest call is right:
 * Grad-CAM at the last spatial layer for the class that the network predicts. Immutable and
 * serialisable; each call returns another. Layers, methods and targets are checked where the model
 * is, on the executors: a wrong one fails the job, as a model does that is missing or refused.
 *
 * <p>An executor loads a model once, for all its tasks. Nothing here starts an engine on the
 * driver.
 */
public final class SparkExplanation implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The column that names an item: text, or anything that Spark casts to it. */
    public static final String PATH = "path";

    /** The column with the bytes of a picture's file; without it {@link #PATH} is read. */
    public static final String CONTENT = "content";

    private static final int USUAL_BATCH = 16;

    private final SentFile model;
    private final EngineChoice engine;
    private final int batch;
    private final Word[] words;

    /** One call on an explanation, said again where it runs. */
    interface Word extends Serializable {
        Explanation on(Explanation explanation);
    }

    private SparkExplanation(SentFile model, EngineChoice engine, int batch, Word... words) {
        this.model = model;
        this.engine = engine;
        this.batch = batch;
        this.words = words;
    }

    /**
     * Explain what this model sees.
     *
     * @param model the name of a file that every executor has been sent, by {@link #ship} or {@code
     *     spark-submit --files}, its sidecar with it; or an absolute path that every executor can
     *     read
     */
    public static SparkExplanation of(String model) {
        return new SparkExplanation(SentFile.named(model), EngineChoice.USUAL, USUAL_BATCH);
    }

    /**
     * Return the columns of what {@link #explain} returns; {@code docs/spark.md} describes them.
     */
    public static StructType schema() {
        return ResultRows.SCHEMA;
    }

    /**
     * Send the model's file and its sidecar to every executor, from here.
     *
     * <p>The file is named by its path on the driver. Executors run it only if its SHA-256 is that
     * of the driver's. What else a model consists of, such as the {@code .params} of MXNet, is sent
     * by {@code SparkContext.addFile}; a file of labels goes along in the sidecar.
     *
     * @throws VitrailException of kind {@code MODEL} if it cannot be read here, of kind {@code
     *     USAGE} if its sidecar is wrong
     */
    public SparkExplanation ship(SparkSession spark) {
        return new SparkExplanation(model.sent(spark), engine, batch, words);
    }

    /** Send the model's file if it is the driver's own, else leave it to whoever sent it. */
    SparkExplanation shipIfHere(SparkSession spark) {
        return model.isHere() ? ship(spark) : this;
    }

    /** Return these words about another model. */
    SparkExplanation model(String name) {
        return new SparkExplanation(SentFile.named(name), engine, batch, words);
    }

    /** Explain with the method of this id; may be repeated, all share one pass. */
    public SparkExplanation method(String id) {
        return and(explanation -> explanation.with(id));
    }

    /** Set an option of every method that has it, or of one: {@code METHOD.KEY}. */
    public SparkExplanation option(String key, String value) {
        return and(explanation -> explanation.option(key, value));
    }

    /** Explain at these layers; may be repeated. */
    public SparkExplanation layer(String nameOrGlob) {
        return and(explanation -> explanation.layer(nameOrGlob));
    }

    /** Explain this score; may be repeated, each is a row of its own. */
    public SparkExplanation target(String spelling) {
        return and(explanation -> explanation.target(spelling));
    }

    /** Choose which number of a class is explained; the default is its logit. */
    public SparkExplanation score(Score which) {
        return and(explanation -> explanation.score(which));
    }

    /**
     * Say how pictures become inputs; by default as the model's sidecar says.
     *
     * @throws VitrailException of kind {@code USAGE} if it is none
     */
    public SparkExplanation preprocess(String spec) {
        Preprocessing.parse(spec);
        return and(explanation -> explanation.preprocess(spec));
    }

    /** Name the classes; by default as the model's sidecar says. */
    public SparkExplanation labels(List<String> names) {
        List<String> kept = List.copyOf(names);
        return and(explanation -> explanation.labels(kept));
    }

    /** Choose which boxes of a detector count, see {@link Explanation#boxes}. */
    public SparkExplanation boxes(double threshold, double overlap) {
        return and(explanation -> explanation.boxes(threshold, overlap));
    }

    /** Seed methods that draw random numbers; the default is 0. */
    public SparkExplanation seed(long start) {
        return and(explanation -> explanation.seed(start));
    }

    /** Give each method this long for each batch; by default as long as it takes. */
    public SparkExplanation deadline(Duration time) {
        return and(explanation -> explanation.deadline(time));
    }

    /**
     * Run so many pictures at once, 1 or more; the default is 16.
     *
     * <p>A task holds the files of one batch and its results, and no more.
     *
     * @throws VitrailException of kind {@code USAGE} if it is less
     */
    public SparkExplanation batch(int items) {
        if (items < 1) {
            throw VitrailException.usage("batch: " + items + "; 1 or more, please");
        }
        return new SparkExplanation(model, engine, items, words);
    }

    /** Run on the engine of this name; by default on the one that runs the model's format. */
    public SparkExplanation engine(String name) {
        return on(engine.named(name));
    }

    /** Set an option of the engine. */
    public SparkExplanation engineOption(String key, String value) {
        return on(engine.option(key, value));
    }

    /**
     * Let the engine use so many threads for each task; 0, the default, is as many as a task has
     * cores, {@code spark.task.cpus}. A setting of the executor's whole process.
     *
     * @throws VitrailException of kind {@code USAGE} if it is less
     */
    public SparkExplanation threads(int number) {
        if (number < 0) {
            throw VitrailException.usage("threads: " + number + "; 0 or more, please");
        }
        return on(engine.threads(number));
    }

    /** Load the plugins in this folder, which every executor can read; may be repeated. */
    public SparkExplanation plugins(String folder) {
        return on(engine.plugins(folder));
    }

    private SparkExplanation and(Word word) {
        Word[] more = Arrays.copyOf(words, words.length + 1);
        more[words.length] = word;
        return new SparkExplanation(model, engine, batch, more);
    }

    private SparkExplanation on(EngineChoice choice) {
        return new SparkExplanation(model, choice, batch, words);
    }

    /**
     * Explain every picture of a Dataset; a row for each map, in the order of the pictures.
     *
     * <p>The rows have the columns of {@link #schema}. A picture that cannot be read or explained
     * is a row with its {@code failure}, and the others are done. Lazy, as everything of a
     * Dataset's: it runs when the rows are asked for, and again if they are asked for twice.
     *
     * @param pictures with a column {@value #PATH} and, for pictures that are no files on the
     *     executors' own disks, a binary column {@value #CONTENT}, as {@code
     *     spark.read().format("binaryFile")} has them; other columns are left out
     * @throws VitrailException of kind {@code USAGE} if it has no such columns
     */
    public Dataset<Row> explain(Dataset<Row> pictures) {
        List<String> columns = Arrays.asList(pictures.columns());
        if (!columns.contains(PATH)) {
            throw VitrailException.usage(
                    "no column '"
                            + PATH
                            + "'\n  there are: "
                            + String.join(", ", columns)
                            + "\n  do:  rename what names your pictures: withColumnRenamed(\"id\", \""
                            + PATH
                            + "\")");
        }
        Column content = lit(null);
        if (columns.contains(CONTENT)) {
            content = col(CONTENT);
            if (!pictures.schema().apply(CONTENT).dataType().equals(DataTypes.BinaryType)) {
                throw VitrailException.usage(
                        "column '"
                                + CONTENT
                                + "': "
                                + pictures.schema().apply(CONTENT).dataType().simpleString()
                                + ", not the bytes of files\n  do:  leave it out and put the files' names"
                                + " into '"
                                + PATH
                                + "', or read them with format(\"binaryFile\")");
            }
        }
        return pictures.select(
                        col(PATH).cast(DataTypes.StringType),
                        content.cast(DataTypes.BinaryType).as(CONTENT),
                        lit(columns.contains(CONTENT)))
                .mapPartitions(
                        new PartitionRun(model, engine, batch, words), Encoders.row(schema()));
    }
}
