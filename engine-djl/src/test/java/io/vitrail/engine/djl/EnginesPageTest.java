package io.vitrail.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.testkit.OperatorMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on engines shows what either engine is found to run. */
class EnginesPageTest {
    private static final Path PAGE = Path.of("../docs/engines.md");
    private static final String BEGIN = "<!-- matrix: written by EnginesPageTest -->\n";
    private static final String END = "<!-- end of matrix -->\n";

    @Test
    void theMatrixIsTheOneThatTheEnginesGive() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);

        String found = OperatorMatrix.of(List.of(new PyTorchEngine(), new MxNetEngine()));

        if (Boolean.getBoolean("vitrail.write")) {
            Files.writeString(PAGE, page.substring(0, from) + found + page.substring(to));
        } else {
            assertThat(page.substring(from, to))
                    .as(
                            "the matrix of docs/engines.md; to write it anew: ./mvnw -pl engine-djl"
                                    + " -am test -Dtest=EnginesPageTest"
                                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dvitrail.write=true")
                    .isEqualTo(found);
        }
    }
}
