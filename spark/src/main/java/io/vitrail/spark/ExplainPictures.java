package io.vitrail.spark;

import static org.apache.spark.sql.functions.col;

import io.vitrail.api.VitrailException;
import java.io.PrintStream;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Explain folders of pictures and write the rows as Parquet: what {@code spark-submit} runs.
 *
 * <p>{@code MODEL INPUT... -o OUTPUT}, then the options of {@code vitrail explain}. The exit code
 * is the command line's: 0, 6 if some pictures failed, 4 if all did, 2, 3 or 5 for a call, a model
 * or a method that failed the job.
 */
public final class ExplainPictures {
    private static final String READABLE = "*.{png,PNG,jpg,JPG,jpeg,JPEG,gif,GIF,bmp,BMP}";
    private static final int SHOWN_FAILURES = 10;

    private ExplainPictures() {}

    public static void main(String[] words) throws Exception {
        int code = exitCode(words);
        if (code != 0) { // else the driver ends by itself, as Spark likes it
            System.exit(code);
        }
    }

    private static int exitCode(String... words) throws Exception {
        try {
            SubmittedCall call = SubmittedCall.of(words);
            SparkSession spark = SparkSession.builder().appName("vitrail").getOrCreate();
            try {
                return run(call, spark, System.out);
            } finally {
                spark.stop();
            }
        } catch (Exception e) { // Spark's are checked, and not declared
            VitrailException known = known(e).orElseThrow(() -> e);
            System.err.println(known.getMessage());
            return code(known.kind());
        }
    }

    /** Run a call and say how it ended. */
    static int run(SubmittedCall call, SparkSession spark, PrintStream out) {
        Dataset<Row> pictures =
                spark.read()
                        .format("binaryFile")
                        .option("recursiveFileLookup", true)
                        .option("pathGlobFilter", READABLE)
                        .load(call.inputs().toArray(String[]::new));
        call.explanation().shipIfHere(spark).explain(pictures).write().parquet(call.output());

        Dataset<Row> done = spark.read().parquet(call.output());
        Dataset<Row> failed = done.filter(col("failure").isNotNull());
        long items = done.select("path").distinct().count();
        long failures = failed.count();
        out.println(items + " pictures, " + failures + " failed: " + call.output());
        for (Row row : failed.select("failure").takeAsList(SHOWN_FAILURES)) {
            out.println("  " + row.getString(0).lines().findFirst().orElse(""));
        }
        if (failures > SHOWN_FAILURES) {
            out.println("  ... the others are the rows with a failure");
        }
        return failures == items ? 4 : failures > 0 ? 6 : 0;
    }

    /** Find what a task threw in what Spark made of it. */
    static Optional<VitrailException> known(Throwable thrown) {
        @Nullable Throwable cause = thrown;
        while (cause != null && !(cause instanceof VitrailException)) {
            cause = cause.getCause();
        }
        return Optional.ofNullable((VitrailException) cause);
    }

    private static int code(VitrailException.Kind kind) {
        return switch (kind) {
            case USAGE -> 2;
            case MODEL -> 3;
            case INPUT -> 4;
            case FAILURE -> 5;
        };
    }
}
