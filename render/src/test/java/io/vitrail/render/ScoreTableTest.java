package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreTableTest {
    @TempDir Path folder;

    @Test
    void anItemIsALineAndWhatNeedsQuotesHasThem() throws IOException {
        Path file = folder.resolve("out/scores.csv");

        ScoreTable.write(
                file,
                List.of(
                        new ScoreTable.Row(
                                "a.png", "predicted", "281", "tabby, cat", 0.1f, 0.25, false, ""),
                        new ScoreTable.Row(
                                "\u00e9 \"x\".png", "sum", "", "", 0.1, Double.NaN, true, ""),
                        ScoreTable.Row.failed("b.png", "b.png: no picture\n  do:  copy it anew")));

        // Python's csv module reads the same eight fields in each row
        assertThat(Files.readString(file))
                .isEqualTo(
                        "name,target,class,label,score,seconds,empty,failure\n"
                                + "a.png,predicted,281,\"tabby, cat\",0.1,0.25,false,\n"
                                + "\"\u00e9 \"\"x\"\".png\",sum,,,0.1,,true,\n"
                                + "b.png,,,,,,false,\"b.png: no picture\n  do:  copy it anew\"\n");
    }
}
