package io.vitrail.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of a partition, without a Spark. */
class RowsOfBatchesTest {
    @TempDir private Path folder;
    private final List<Integer> batches = new ArrayList<>();
    private int taken;
    private Path scene;
    private Vitrail vitrail;
    private Model model;

    @BeforeEach
    void load() throws Exception {
        scene = DemoPictures.scenes(folder, 1).get(0);
        vitrail = Vitrail.open();
        model = vitrail.load(DemoPictures.model());
    }

    @AfterEach
    void close() {
        model.close();
        vitrail.close();
    }

    /** Items of a kind: {@code .} is a picture, {@code x} is none. */
    private Iterator<Row> items(String kinds) {
        return IntStream.range(0, kinds.length())
                .peek(i -> taken++)
                .mapToObj(
                        i ->
                                kinds.charAt(i) == '.'
                                        ? RowFactory.create(scene.toString(), null, false)
                                        : RowFactory.create("x" + i, new byte[1], true))
                .iterator();
    }

    private Iterator<Row> rows(String kinds, int batch) {
        return new RowsOfBatches(items(kinds), batch, this::explained);
    }

    private Explained explained(List<Supplier<Picture>> pictures) {
        batches.add(pictures.size());
        return vitrail.explain(model, pictures).batch(pictures.size()).runAll();
    }

    /** Return which items failed. */
    private static String failed(Iterator<Row> rows) {
        StringBuilder kinds = new StringBuilder();
        rows.forEachRemaining(row -> kinds.append(row.isNullAt(1) ? '.' : 'x'));
        return kinds.toString();
    }

    @Test
    void noItemIsTakenBeforeItsBatchIsAskedFor() {
        Iterator<Row> rows = rows(".......", 3);

        assertThat(taken).isZero();
        rows.next();
        assertThat(taken).isEqualTo(3);
        rows.next();
        rows.next();
        assertThat(taken).isEqualTo(3);
        rows.next();
        assertThat(taken).isEqualTo(6);
        assertThat(failed(rows)).isEqualTo("...");
        assertThat(batches).containsExactly(3, 3, 1);
    }

    @Test
    void whatCannotBeReadCostsTheOthersOnePassMore() {
        assertThat(failed(rows(".x...x.x", 8))).isEqualTo(".x...x.x");
        assertThat(batches).containsExactly(8, 5, 1, 1, 1); // the last three read and no more
    }

    @Test
    void aBatchThatNobodyCanReadIsRowsOfFailures() {
        assertThat(failed(rows("xxx", 2))).isEqualTo("xxx");
    }

    @Test
    void whatFailsInTheNetworkIsTriedAlone() {
        List<Function<String, RuntimeException>> problems =
                List.of(
                        VitrailException::failure,
                        VitrailException::input, // no box of a detector's in that picture
                        EngineException::new);
        for (Function<String, RuntimeException> problem : problems) {
            int[] call = {0};
            Function<List<Supplier<Picture>>, Explained> once =
                    pictures -> {
                        if (call[0]++ == 0 || call[0] == 3) { // all together, then the second
                            throw problem.apply("no");
                        }
                        return explained(pictures);
                    };

            assertThat(failed(new RowsOfBatches(items("..."), 3, once))).isEqualTo(".x.");
        }
        assertThat(batches).containsOnly(1).hasSize(6);
    }

    @Test
    void whatIsWrongWithTheCallIsNoItemsFailure() {
        Iterator<Row> rows =
                new RowsOfBatches(
                        items(".."),
                        2,
                        pictures -> {
                            throw VitrailException.usage("no layer");
                        });

        assertThatThrownBy(rows::hasNext)
                .isInstanceOf(VitrailException.class)
                .hasMessage("no layer");
    }
}
