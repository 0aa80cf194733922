package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Code that is valid and asks for too much: refused with its place, soon, before memory is taken.
 */
class LimitsTest {
    @TempDir Path folder;

    private void record(String body) {
        Path file = TestArchive.forward(body).write(folder);
        try (GraphSource source = new TorchScriptFormat().open(file);
                NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            source.graph(new NDList(manager.ones(new Shape(1, 1, 4, 4))));
        }
    }

    private void assertRefused(String body, String why) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () ->
                        assertThatThrownBy(() -> record(body))
                                .as(body)
                                .isInstanceOfSatisfying(
                                        VitrailException.class,
                                        e ->
                                                assertThat(e.kind())
                                                        .isEqualTo(VitrailException.Kind.MODEL))
                                .hasMessageContaining("code/__torch__.py")
                                .hasMessageContaining(why));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // in oneDNN the stride becomes 0, by which it divides: SIGFPE
                "torch.conv2d(x, torch.ones([1, 1, 3, 3]), None, [1, 4294967296], [1, 1], [1, 1], 1)",
                "torch.conv2d(x, torch.ones([1, 1, 3, 3]), None, [1, 1], [4096, 4096], [1, 1], 1)",
                "torch.max_pool2d(x, [2, 2], [9223372036854775807, 2], [0, 0], [1, 1], False)",
                "torch.zeros([100000, 100000])",
                "torch.expand(torch.sum(x), [1000000, 1000000])",
                "torch.repeat(x, [1, 1, 100000, 100000])",
                "torch.constant_pad_nd(x, [100000, 100000, 100000, 100000], 0.)",
                "torch.upsample_nearest2d(x, [1000000, 1000000], None)",
                "torch.upsample_nearest2d(x, None, [100000., 100000.])",
                "torch.arange(0, 1000000000000)",
                "torch.arange(0., 1., 1.0e-30)",
                "torch.eye(1000000)"
            })
    void sizesThatNoNetworkHasAreRefused(String call) {
        assertRefused("return " + call, "no network is that");
    }

    @Test
    void aLoopWithoutEndIsRefused() {
        assertRefused("while True:\n  n = 1\nreturn x", "steps");
    }

    @Test
    void aLoopWithoutEndThatLooksAtShapesIsRefused() {
        assertRefused(
                "y = x\nwhile torch.gt(torch.size(y, 0), 0):\n  y = torch.neg(y)\nreturn y",
                "looks at shapes");
    }

    @Test
    void aLoopThatCallsOperatorsWithoutEndIsRefused() {
        assertRefused("y = x\nfor i in range(1000000):\n  y = torch.neg(y)\nreturn y", "operators");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n = range(9223372036854775807)",
                "n = torch.mul([1, 2], 9223372036854775807)",
                "n = [1]\nwhile True:\n  _0 = torch.extend(n, n)",
                "n = [1]\nwhile True:\n  n = torch.add(n, n)",
                "n = \"abc\"\nwhile True:\n  n = torch.add(n, n)",
                "n = [1]\nwhile True:\n  _0 = torch.append(n, torch.slice(n))"
            })
    void listsAndTextsThatGrowWithoutEndAreRefused(String body) {
        assertRefused(body + "\nreturn x", "items");
    }

    @Test
    void aRangeOrASliceWithoutStepIsRefused() {
        assertRefused("for i in range(5, 0, 0):\n  n = 1\nreturn x", "step of 0");
        assertRefused("n = torch.slice([1, 2], 0, 2, 0)\nreturn x", "step of 0");
    }

    @Test
    void aListThatHoldsItselfIsRefused() {
        assertRefused("n = [1]\nm = [n]\n_0 = torch.append(n, m)\nreturn torch.zeros(n)", "code");
    }

    @Test
    void codeOfTypesThatDoNotFitIsRefused() {
        assertRefused("return torch.neg(self)", "code");
        assertRefused("return torch.keys(3)", "the code is damaged");
    }

    @Test
    void whatNetworksDoIsFarBelow() {
        record(
                """
                y = x
                for i in range(1000):
                  y = torch.add(y, 1)
                z = torch.conv2d(y, torch.ones([1, 1, 1, 1]), None, [1, 1], [64, 64], [1, 1], 1)
                w = torch.expand(torch.sum(z), [1024, 1024])
                return torch.slice(w, 0, 0, 9223372036854775807)
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.add(x, torch.arange(0, 8, 3, dtype=-2))", // reads where no type is: SIGSEGV
                "torch.to(x, 4242)",
                "torch.zeros([1], dtype=6, layout=77)",
                "torch.contiguous(x, memory_format=9)"
            })
    void numbersThatNameNoTypeAreRefused(String call) {
        assertRefused("return " + call, "there is no");
    }
}
