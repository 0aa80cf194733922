package io.vitrail.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainPicturesTest {
    @TempDir private Path folder;
    private final SparkSession spark = LocalSpark.session();
    private String model = "";
    private String photos = "";
    private String output = "";
    private String said = "";

    @BeforeEach
    void write() throws Exception {
        model = DemoPictures.model().toString();
        photos = folder.resolve("photos").toString();
        output = folder.resolve("maps").toString();
        DemoPictures.scenes(folder.resolve("photos/more"), 3);
        Files.writeString(folder.resolve("photos/notes.txt"), "no picture");
    }

    private int run(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            return ExplainPictures.run(SubmittedCall.of(words), spark, stream);
        } finally {
            said = out.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFolderOfFoldersBecomesParquet() throws Exception {
        int code =
                run(
                        model,
                        photos,
                        "-o",
                        output,
                        "-m",
                        "grad-cam",
                        "-l",
                        "layer2",
                        "-t",
                        "label:square",
                        "--batch",
                        "2",
                        "-s",
                        "grad-cam.relu=false");

        assertThat(code).isZero();
        assertThat(said).isEqualTo("3 pictures, 0 failed: " + output + "\n");
        List<Row> rows = spark.read().parquet(output).collectAsList();
        assertThat(rows).hasSize(3);
        for (Row row : rows) {
            assertThat(row.<String>getAs("layer")).isEqualTo("layer2");
            assertThat(row.<String>getAs("label")).isEqualTo("square");
            assertThat(row.<Float>getList(row.fieldIndex("map"))).anyMatch(value -> value < 0);
        }
    }

    @Test
    void whatFailsIsCountedAndNamed() throws Exception {
        Files.writeString(Path.of(photos, "cut.PNG"), "x");

        assertThat(run(model, photos, "-o", output)).isEqualTo(6);
        assertThat(said).startsWith("4 pictures, 1 failed: ").contains("cut.PNG: no picture");

        String broken = Path.of(photos, "cut.PNG").toString();
        assertThat(run(model, broken, "-o", output + "2")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|missing: MODEL",
                "m.pt|missing: INPUT",
                "m.pt a|missing: -o OUTPUT",
                "m.pt a -o|-o: what?",
                "m.pt a -o o --colour red|no option '--colour'",
                "m.pt a -o o -s relu|-s relu: not KEY=VALUE",
                "m.pt a -o o --batch many|--batch many: not a whole number",
                "m.pt a -o o --batch 0|batch: 0; 1 or more",
                "m.pt a -o o --score loss|no score 'loss'",
                "m.pt a -o o --threads 1.5|--threads 1.5: not a whole number",
                "m.pt a -o o --labels none.txt|none.txt: ",
            })
    void aWrongCallIsRefusedBeforeSparkIsAsked(String words, String problem) {
        assertThatThrownBy(
                        () -> SubmittedCall.of(words.isEmpty() ? new String[0] : words.split(" ")))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith(problem);
    }
}
