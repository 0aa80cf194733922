package io.vitrail.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkExplanationTest {
    @TempDir private static Path folder;
    private static SparkSession spark;
    private static Path model;
    private static List<Path> scenes;

    @BeforeAll
    static void start() throws Exception {
        spark = LocalSpark.session();
        model = DemoPictures.model();
        scenes = DemoPictures.scenes(folder.resolve("scenes"), 6);
    }

    private static SparkExplanation explanation() {
        return SparkExplanation.of(model.toString());
    }

    private static Dataset<Row> paths(List<Path> files) {
        return LocalSpark.paths(spark, files, 2);
    }

    private static float[] map(Row row) {
        List<Float> boxed = row.getList(row.fieldIndex("map"));
        float[] map = new float[boxed.size()];
        for (int i = 0; i < map.length; i++) {
            map[i] = boxed.get(i);
        }
        return map;
    }

    private static <T> T cell(Row row, String column) {
        return row.<T>getAs(column);
    }

    @Test
    void aRowIsWhatVitrailFindsByItself() {
        List<Row> rows =
                explanation()
                        .ship(spark)
                        .method("grad-cam")
                        .method("guided-backprop")
                        .option("guided-backprop.reduce", "l2")
                        .target("predicted")
                        .target("class:5")
                        .batch(2) // three a partition: a whole batch and a part of one
                        .explain(paths(scenes))
                        .collectAsList();

        assertThat(rows).hasSize(6 * 4);
        try (Vitrail vitrail = Vitrail.open();
                Model own = vitrail.load(model)) {
            for (int i = 0; i < scenes.size(); i++) {
                List<Path> batch =
                        i % 3 == 2
                                ? scenes.subList(i, i + 1)
                                : scenes.subList(i / 3 * 3, i / 3 * 3 + 2);
                Explained one =
                        vitrail.explain(own, batch)
                                .with("grad-cam")
                                .with("guided-backprop")
                                .option("guided-backprop.reduce", "l2")
                                .target("predicted")
                                .target("class:5")
                                .runAll()
                                .item(batch.indexOf(scenes.get(i)));
                List<Row> its = rows.subList(4 * i, 4 * i + 4);
                assertThat(its)
                        .extracting(row -> cell(row, "path"))
                        .containsOnly(scenes.get(i).toString());
                int n = 0;
                for (var found : one.attributions().values()) {
                    for (var part : found.parts().entrySet()) {
                        Row row = its.get(n++);
                        assertThat(SparkExplanationTest.<String>cell(row, "method"))
                                .isEqualTo(found.method());
                        assertThat(SparkExplanationTest.<String>cell(row, "target"))
                                .isEqualTo(part.getKey().target());
                        assertThat(map(row)).isEqualTo(part.getValue().toFloats());
                    }
                }
            }
        }
    }

    @Test
    void aRowSaysAllThatItsSchemaPromises() {
        Row cam =
                explanation()
                        .ship(spark)
                        .explain(paths(scenes.subList(0, 1)))
                        .collectAsList()
                        .get(0);
        Row gradient =
                explanation()
                        .ship(spark)
                        .method("gradient")
                        .target("label:cross")
                        .explain(paths(scenes.subList(0, 1)))
                        .collectAsList()
                        .get(0);

        assertThat(cam.schema()).isEqualTo(SparkExplanation.schema());
        assertThat(SparkExplanationTest.<String>cell(cam, "layer")).isEqualTo("layer3");
        assertThat(SparkExplanationTest.<String>cell(cam, "input")).isNull();
        assertThat(cam.<Long>getList(cam.fieldIndex("shape"))).containsExactly(12L, 12L);
        assertThat(SparkExplanationTest.<Boolean>cell(cam, "empty")).isFalse();
        assertThat(SparkExplanationTest.<Double>cell(cam, "seconds")).isPositive();
        assertThat(SparkExplanationTest.<String>cell(cam, "failure")).isNull();
        assertThat(SparkExplanationTest.<String>cell(gradient, "layer")).isNull();
        assertThat(SparkExplanationTest.<String>cell(gradient, "input")).isNotEmpty();
        // by the labels of a file that lies in another folder than the network
        assertThat(SparkExplanationTest.<Long>cell(gradient, "class")).isEqualTo(4L);
        assertThat(SparkExplanationTest.<String>cell(gradient, "label")).isEqualTo("cross");
        assertThat(gradient.<Long>getList(gradient.fieldIndex("shape")))
                .containsExactly(3L, 96L, 96L);
        try (Vitrail vitrail = Vitrail.open();
                Model own = vitrail.load(model)) {
            Values score =
                    vitrail.explain(own, scenes.get(0))
                            .target("class:4")
                            .predict()
                            .scored()
                            .get(0)
                            .scores();
            assertThat(SparkExplanationTest.<Double>cell(gradient, "score"))
                    .isEqualTo(score.get(0));
        }
    }

    @Test
    void theBytesOfAFileGiveWhatItsNameGives() {
        Dataset<Row> files =
                spark.read()
                        .format("binaryFile")
                        .load(folder.resolve("scenes").toString())
                        .orderBy("path");

        List<Row> ofBytes = explanation().batch(1).explain(files).collectAsList();
        List<Row> ofNames = explanation().batch(1).explain(files.drop("content")).collectAsList();

        assertThat(ofBytes).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(SparkExplanationTest.<String>cell(ofBytes.get(i), "path"))
                    .startsWith("file:/")
                    .endsWith("scene 00" + i + ".png");
            assertThat(map(ofBytes.get(i))).isEqualTo(map(ofNames.get(i))).hasSize(144);
        }
    }

    @Test
    void aTypedFunctionFindsTheColumnsOfARow() {
        MapFunction<Row, String> place = row -> row.getAs("path") + " " + row.getAs("layer");

        List<String> places =
                explanation()
                        .explain(paths(scenes.subList(0, 2)))
                        .map(place, Encoders.STRING())
                        .collectAsList();

        assertThat(places).containsExactly(scenes.get(0) + " layer3", scenes.get(1) + " layer3");
    }

    @Test
    void whatCannotBeReadIsARowAndTheOthersAreDone() throws Exception {
        Path broken = Files.write(folder.resolve("broken.png"), new byte[] {1, 2, 3});
        List<Path> asked = new ArrayList<>(scenes.subList(0, 4));
        asked.add(1, broken);
        asked.add(5, folder.resolve("missing.png"));

        List<Row> rows = explanation().batch(3).explain(paths(asked)).collectAsList();

        assertThat(rows)
                .extracting(row -> cell(row, "path"))
                .containsExactlyElementsOf(asked.stream().map(Path::toString).toList());
        assertThat(SparkExplanationTest.<String>cell(rows.get(1), "failure"))
                .startsWith(broken + ": no picture that can be read");
        assertThat(SparkExplanationTest.<String>cell(rows.get(5), "failure"))
                .contains("missing.png: no such file");
        assertThat(SparkExplanationTest.<Object>cell(rows.get(1), "map")).isNull();
        for (int i : new int[] {0, 2, 3, 4}) {
            assertThat(SparkExplanationTest.<String>cell(rows.get(i), "failure")).isNull();
            assertThat(map(rows.get(i))).hasSize(144);
        }
    }

    @Test
    void anotherStoresFileAndARowWithoutContentAreNamed() {
        Dataset<Row> elsewhere = spark.sql("select 'hdfs://far/a.png' path");
        Dataset<Row> nothing = spark.sql("select 7 path, cast(null as binary) content");

        assertThat(
                        SparkExplanationTest.<String>cell(
                                explanation().explain(elsewhere).head(), "failure"))
                .startsWith("hdfs://far/a.png: not a file of this machine's own")
                .contains("format(\"binaryFile\")");
        assertThat(
                        SparkExplanationTest.<String>cell(
                                explanation().explain(nothing).head(), "failure"))
                .isEqualTo("7: its content is null");
    }

    @Test
    void aModelThatIsNotThereFailsTheJobAndSaysWhereItWasLookedFor() {
        Dataset<Row> rows = SparkExplanation.of("nowhere.pt").explain(paths(scenes));

        assertThat(failure(rows))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL))
                .hasMessageStartingWith("nowhere.pt: is not on this executor\n  looked in: ")
                .hasMessageContaining("spark-submit --files nowhere.pt");
    }

    @Test
    void aRefusedModelAndAWrongWordFailTheJob() throws Exception {
        Path refused = Files.writeString(folder.resolve("refused.pt"), "no archive");

        assertThat(failure(SparkExplanation.of(refused.toString()).explain(paths(scenes))).kind())
                .isEqualTo(VitrailException.Kind.MODEL);
        assertThat(failure(explanation().layer("layr3").explain(paths(scenes))))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.USAGE))
                .hasMessageContaining("no layer 'layr3'\n  nearest: layer3");
    }

    private static VitrailException failure(Dataset<Row> rows) {
        try {
            rows.collectAsList();
        } catch (Exception e) { // Spark's are checked, and not declared
            return ExplainPictures.known(e).orElseThrow(() -> new AssertionError(e));
        }
        throw new AssertionError("the job was done");
    }

    @Test
    void allTasksOfAJvmRunOneModel() {
        explanation()
                .seed(1)
                .threads(1)
                .explain(LocalSpark.paths(spark, scenes, 6))
                .collectAsList();
        int loads = ExecutorModels.loads();

        explanation()
                .seed(2)
                .threads(1)
                .method("gradient")
                .explain(LocalSpark.paths(spark, scenes, 6))
                .collectAsList();

        assertThat(ExecutorModels.loads()).isEqualTo(loads);
        assertThat(ExecutorModels.held()).isEqualTo(1);
    }

    @Test
    void anotherModelOfTheSameNameIsNotSent() throws Exception {
        explanation().ship(spark);
        Path other =
                Files.createDirectories(model.resolveSibling("another"))
                        .resolve(model.getFileName());
        Files.writeString(other, "x");

        assertThatThrownBy(() -> SparkExplanation.of(other.toString()).ship(spark))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith(other + ": Spark does not take it: it sends file:/")
                .hasMessageEndingWith("give each model a name of its own");
        Path second = Files.copy(model, other.resolveSibling("a second.pt"));
        assertThat(
                        SparkExplanation.of(second.toString())
                                .ship(spark)
                                .preprocess("unit,size=96")
                                .explain(paths(scenes.subList(0, 1)))
                                .head()
                                .isNullAt(1))
                .isTrue();
    }

    @Test
    void aModelIsCheckedByWhatTheDriverSent() {
        SentFile other = new SentFile(model.toString(), "00", null);

        assertThatThrownBy(() -> other.check(model))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("is not the file that the driver sent");
        SentFile.named(model.toString()).check(model);
    }

    @Test
    void aDatasetWithoutPicturesIsRefusedAtOnce() {
        assertThatThrownBy(() -> explanation().explain(spark.sql("select 1 id, 2 x")))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("no column 'path'\n  there are: id, x");
        assertThatThrownBy(() -> explanation().explain(spark.sql("select 'a' path, 'b' content")))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("column 'content': string, not the bytes of files");
        assertThatThrownBy(() -> explanation().preprocess("size=x"))
                .isInstanceOf(VitrailException.class);
    }
}
