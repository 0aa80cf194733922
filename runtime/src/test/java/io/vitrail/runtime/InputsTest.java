package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Operator;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
    private final Vitrail vitrail = FakeVitrail.with(new FakeEngine(), FakeMethods.gradient());
    private final Model model = vitrail.load(FakeNetwork.classifier().output("fc"));

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            Explanation explanation, VitrailException.Kind kind) {
        return assertThatThrownBy(explanation::predict)
                .isInstanceOfSatisfying(
                        VitrailException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(float[] data, long... shape) {
        return refused(vitrail.explain(model, data, shape), VitrailException.Kind.INPUT);
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        refused(new float[8], 2, 2, 2)
                .hasMessageContaining("input 'x': shape (2, 2, 2) has 3 axes, not 4")
                .hasMessageContaining("expected: 'x' (?, 2, 2, 2)");
        refused(new float[0], 0, 2, 2, 2).hasMessageContaining("shape (0, 2, 2, 2) is empty");
        refused(new float[] {0, 0, 0, 0, 0, Float.NaN, 0, 0}, 1, 2, 2, 2)
                .hasMessageContaining("holds NaN or an infinity");
        refused(new float[] {0, 0, 0, 0, 0, Float.NEGATIVE_INFINITY, 0, 0}, 1, 2, 2, 2)
                .hasMessageContaining("holds NaN or an infinity");
        assertThatThrownBy(() -> vitrail.explain(model, new float[7], 1, 2, 2, 2))
                .hasMessageContaining("7 numbers are not an array of shape (1, 2, 2, 2)");
        Values one = Values.of(new float[8], Axes.NONE, 1, 2, 2, 2);
        refused(vitrail.explain(model, one, one), VitrailException.Kind.INPUT)
                .hasMessageContaining("there are 2 arrays");
    }

    @Test
    void integersKeepTheirTypeAndTheCallersArraysStayOpen() {
        FakeNetwork same =
                new FakeNetwork()
                        .stage("same", new Operator.Relu(), x -> x.maximum(0))
                        .output("same");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDList arrays = new NDList(manager.create(new int[8], new Shape(2, 2, 2, 1)));
            Explained seen = vitrail.explain(vitrail.load(same), arrays).batch(1).predict();
            // integers come back as doubles, floats as floats
            assertThat(seen.outputs().get("same").isDouble()).isTrue();
            assertThat(arrays.head().getDataType()).isEqualTo(DataType.INT32);
            assertThat(arrays.head().toIntArray()).hasSize(8);
        }
    }

    @Test
    void picturesBecomeTheInputThatTheModelStates(@TempDir Path folder) throws Exception {
        FakeNetwork colours =
                new FakeNetwork()
                        .declared(-1, 3, 2, 4)
                        .stage("same", new Operator.Relu(), x -> x.maximum(0))
                        .output("same");
        BufferedImage pixels = new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB);
        pixels.setRGB(3, 1, 0x0a141e);
        Path file = folder.resolve("dot.png");
        ImageIO.write(pixels, "png", file.toFile());
        Model loaded = vitrail.load(colours);
        Explained seen =
                vitrail.explain(loaded, List.of(file, file, file))
                        .preprocess("none")
                        .batch(2)
                        .predict();
        assertThat(seen.items()).isEqualTo(3);
        assertThat(seen.forwardPasses()).isEqualTo(2);
        assertThat(seen.preprocess()).isEqualTo("none,size=4x2,stretch");
        assertThat(seen.outputs().get("same").shape()).containsExactly(3, 3, 2, 4);
        double[] last = seen.item(2).outputs().get("same").toDoubles();
        assertThat(new double[] {last[7], last[15], last[23]}).containsExactly(10, 20, 30);
        assertThat(seen.item(2).seen()).hasSize(1);
        assertThat(seen.item(2).seen().get(0).shown().rgb(3, 1) & 0xffffff).isEqualTo(0x0a141e);

        Explained fromImage =
                vitrail.explain(loaded, new BufferedImageFactory().fromImage(pixels))
                        .preprocess("none")
                        .predict();
        assertThat(fromImage.outputs().get("same")).isEqualTo(seen.item(0).outputs().get("same"));
    }

    @Test
    void picturesNeedAPreprocessingAndASize(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("dot.png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        refused(vitrail.explain(model, file), VitrailException.Kind.USAGE)
                .hasMessageContaining("--preprocess")
                .hasMessageContaining("torch");
        refused(vitrail.explain(model, file).preprocess("unit"), VitrailException.Kind.USAGE)
                .hasMessageContaining("takes 2 channels");
        Model open = vitrail.load(FakeNetwork.classifier().output("fc").declared(-1, -1, -1, -1));
        refused(vitrail.explain(open, file).preprocess("unit"), VitrailException.Kind.USAGE)
                .hasMessageContaining("add size=224");
        Model stated = new LoadedModel(open, Sidecar.EMPTY.withShape(List.of(1L, 3L, 2L, 2L)));
        assertThat(Preparation.PictureInput.of(stated).width()).isEqualTo(2);
        assertThatThrownBy(() -> vitrail.explain(model, folder.resolve("no.png")))
                .hasMessageContaining("no such file");
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        refused(
                        vitrail.explain(model, text).preprocess("unit,size=2,grey"),
                        VitrailException.Kind.USAGE)
                .hasMessageContaining("takes 2 channels, 'unit,size=2,stretch,grey' gives 1");
    }
}
