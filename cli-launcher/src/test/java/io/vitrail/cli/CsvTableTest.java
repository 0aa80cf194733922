package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {
    @TempDir private Path folder;

    private CsvTable read(String text) throws IOException {
        return CsvTable.read(written(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Path written(byte[] text) throws IOException {
        return Files.write(folder.resolve("t.csv"), text);
    }

    @Test
    void numbersStandInRowsWithOrWithoutAHeader() throws IOException {
        CsvTable bare = read("1,2\n-3e-2,.5\n");
        CsvTable named = read("\ufefflead II, breath \r\n1,2\r\n\r\n+4.5,6\r\n");

        assertThat(bare.header()).isEmpty();
        assertThat(bare.rows()).isDeepEqualTo(new double[][] {{1, 2}, {-0.03, 0.5}});
        assertThat(named.header()).containsExactly("lead II", "breath");
        assertThat(named.rows()).isDeepEqualTo(new double[][] {{1, 2}, {4.5, 6}});
        assertThat(named.lines()).containsExactly(2, 4);
    }

    @Test
    void semicolonsAndTabsPartCellsToo() throws IOException {
        assertThat(read("a;b\n1;2\n").rows()).isDeepEqualTo(new double[][] {{1, 2}});
        assertThat(read("1\t2\t3\n").rows()).isDeepEqualTo(new double[][] {{1, 2, 3}});
    }

    @Test
    void aColumnOfWordsIsNoNumber() throws IOException {
        CsvTable table = read("word,token\n\"one, \"\"two\"\"\",7\n\u4f60\u597d,8\n");

        assertThat(table.words()).containsExactly("one, \"two\"", "\u4f60\u597d");
        assertThat(table.header()).containsExactly("token");
        assertThat(table.rows()).isDeepEqualTo(new double[][] {{7}, {8}});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b/1,2/3,x|line 3, column 2 ('b'): 'x' is no number",
                "1,2/3,|line 2, column 2: an empty cell",
                "1,2/3|line 2: 1 cell where the first line has 2",
                "1,2/3,4,5|line 2: 3 cells where the first line has 2",
                "1/NaN|line 2, column 1: 'NaN' is no number",
                "1/1e999|line 2, column 1: '1e999' is no number",
                "1/1.2.3|line 2, column 1: '1.2.3' is no number",
                "1/0x1p3|line 2, column 1: '0x1p3' is no number",
                "a,b|no rows of numbers",
                "word/one|words only, no column of numbers",
            })
    void whatIsNoNumberIsRefusedWithItsPlace(String text, String said) {
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> read(text.replace('/', '\n')))
                .matches(e -> e.kind() == VitrailException.Kind.INPUT)
                .withMessageContaining("t.csv: " + said);
    }

    @Test
    void whatIsNoTextOrTooWideIsRefused() throws IOException {
        Path pictures = written(new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff, 0, 0});
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> CsvTable.read(pictures))
                .withMessageContaining("no text in UTF-8");
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> read("1,".repeat(20_000) + "1\n"))
                .withMessageContaining("surpassed the maximum limit of 16384 fields");
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> read("\"" + "1".repeat(3_000_000) + "\n"))
                .matches(e -> e.kind() == VitrailException.Kind.INPUT);
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> read(""))
                .withMessageContaining("no rows of numbers");
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> CsvTable.read(folder.resolve("none.csv")))
                .withMessageContaining("no such file");
    }

    @Test
    void anyTextIsReadOrRefused() throws IOException {
        Random random = new Random(7);
        String letters = "0123456789.,;\t\"\n\re-+aw\u00e9 ";
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(40); k >= 0; k--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (i % 10 == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Path file = written(bytes);
            try {
                CsvTable table = CsvTable.read(file);
                for (double[] row : table.rows()) {
                    assertThat(row).hasSize(table.columns());
                }
                read++;
            } catch (VitrailException e) {
                assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT);
                refused++;
            }
        }
        assertThat(read).isGreaterThan(10);
        assertThat(refused).isGreaterThan(100);
    }
}
