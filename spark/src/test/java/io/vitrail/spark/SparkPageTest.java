package io.vitrail.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/spark.md} says what is so. */
class SparkPageTest {
    private static final Pattern COLUMN = Pattern.compile("\\| `(\\w+)` \\| ([\\w<>]+) \\|.*");

    @Test
    void theTableIsTheSchema() throws Exception {
        List<String> told = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/spark.md"))) {
            Matcher column = COLUMN.matcher(line);
            if (column.matches()) {
                told.add(column.group(1) + " " + column.group(2));
            }
        }

        assertThat(told)
                .containsExactlyElementsOf(
                        Arrays.stream(SparkExplanation.schema().fields())
                                .map(its -> its.name() + " " + its.dataType().simpleString())
                                .toList());
    }

    @Test
    void itsJavaRuns(@TempDir Path folder) throws Exception {
        SparkSession spark = LocalSpark.session();
        String model = DemoPictures.model().toString();
        List<Path> scenes = DemoPictures.scenes(folder.resolve("scenes"), 3);
        String out = folder.resolve("out").toString();

        SparkSnippets.files(spark, model, folder.resolve("scenes").toString(), out);
        List<Row> means =
                SparkSnippets.names(
                        model,
                        Demo.labels(),
                        spark.createDataset(
                                scenes.stream().map(Path::toString).toList(), Encoders.STRING()));

        assertThat(spark.read().parquet(out).count()).isEqualTo(6);
        assertThat(means.stream().mapToLong(row -> row.getLong(2)).sum()).isEqualTo(3);
    }
}
