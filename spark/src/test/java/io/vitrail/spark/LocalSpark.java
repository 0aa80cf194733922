package io.vitrail.spark;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A Spark of this machine, without its pages and its network. */
final class LocalSpark {
    private LocalSpark() {}

    /** Return the Spark of two cores that all tests share. */
    static SparkSession session() {
        return builder("local[2]").getOrCreate();
    }

    static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("vitrail-test")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2);
    }

    /** Return a Dataset of names, in so many partitions. */
    static Dataset<Row> paths(SparkSession spark, List<Path> files, int partitions) {
        List<String> names = files.stream().map(Path::toString).toList();
        // a range, not a repartition: the order stays
        return spark.createDataset(
                        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
                                        spark.sparkContext())
                                .parallelize(names, partitions)
                                .rdd(),
                        Encoders.STRING())
                .toDF("path");
    }
}
