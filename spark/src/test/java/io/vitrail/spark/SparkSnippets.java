package io.vitrail.spark;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The Java of the page. */
final class SparkSnippets {
    private SparkSnippets() {}

    static void files(SparkSession spark, String model, String folder, String out) {
        Dataset<Row> photos = spark.read().format("binaryFile").load(folder);
        Dataset<Row> maps =
                SparkExplanation.of(model)
                        .ship(spark)
                        .method("grad-cam")
                        .target("predicted")
                        .target("label:square")
                        .batch(8)
                        .explain(photos);
        maps.write().parquet(out);
    }

    static List<Row> names(String model, List<String> labels, Dataset<String> names) {
        Dataset<Row> maps =
                SparkExplanation.of(model)
                        .preprocess("unit,size=96")
                        .labels(labels)
                        .method("gradient")
                        .option("gradient.reduce", "l2")
                        .explain(names.toDF("path"));
        return maps.filter("failure is null")
                .groupBy("label")
                .agg(avg("score"), count("path"))
                .collectAsList();
    }
}
