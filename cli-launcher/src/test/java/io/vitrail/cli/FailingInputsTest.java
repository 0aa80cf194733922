package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.Provides;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the others, and of the exit code, when something fails. */
class FailingInputsTest {
    @TempDir private Path folder;

    private String good = "";
    private String broken = "";
    private String out = "";

    @BeforeEach
    void files() throws IOException {
        good = DemoModel.picture().toString();
        broken = Files.writeString(folder.resolve("broken.png"), "no picture").toString();
        out = folder.resolve("out").toString();
    }

    @Test
    void theOthersAreWrittenAndTheFailureIsListed() throws IOException {
        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        good,
                        broken,
                        folder + "/missing.png",
                        "-o",
                        out,
                        "--batch",
                        "3");

        assertThat(call.code()).isEqualTo(6);
        assertThat(call.err()).contains("broken.png", "missing.png").doesNotContain("\tat ");
        JsonObject record =
                JsonParser.parseString(Files.readString(Path.of(out, "vitrail.json")))
                        .getAsJsonObject();
        assertThat(record.getAsJsonArray("inputs")).hasSize(1);
        assertThat(record.getAsJsonArray("failed")).hasSize(2);
        assertThat(
                        record.getAsJsonArray("failed")
                                .get(0)
                                .getAsJsonObject()
                                .get("error")
                                .getAsString())
                .contains("broken.png");
    }

    @Test
    void anArrayThatDoesNotFitIsNamedAmongTheOthers() {
        Path bad = folder.resolve("bad.npy");
        Npy.write(bad, NpyArray.of(Values.of(new float[12], Axes.NONE, 1, 12)));

        Captured call =
                Captured.run("predict", DemoModel.model(), good, bad.toString(), "--top", "1");

        assertThat(call.code()).isEqualTo(6);
        assertThat(call.err()).startsWith("vitrail: " + bad + ": shapes.pt: input 'x': shape (1, ");
    }

    @Test
    void inputsThatAllFailAreAnErrorOfInputs() {
        assertThat(Captured.run("explain", DemoModel.model(), broken, "-o", out).code())
                .isEqualTo(4);
        assertThat(Captured.run("predict", DemoModel.model(), broken).code()).isEqualTo(4);
    }

    @Test
    void anUnknownLayerOrClassEndsTheRunAtOnce() {
        Captured layer =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        good,
                        "-m",
                        "grad-cam",
                        "-l",
                        "layr3",
                        "-o",
                        out);
        Captured label =
                Captured.run("explain", DemoModel.model(), good, "-t", "label:rink", "-o", out);

        assertThat(layer.code()).isEqualTo(2);
        assertThat(layer.err())
                .startsWith("vitrail: shapes.pt: no layer 'layr3'\n  nearest: layer3");
        assertThat(label.code()).isEqualTo(2);
        assertThat(label.err()).contains("rink", "ring");
    }

    @Test
    void arraysUnderOtherKeysAreNamed() {
        Path file = folder.resolve("other.npz");
        Npz.write(file, Map.of("image", Values.of(new float[3], Axes.NONE, 3)));

        Captured call = Captured.run("explain", DemoModel.model(), file.toString(), "-o", out);

        assertThat(call.code()).isEqualTo(4);
        assertThat(call.err())
                .contains(
                        "other.npz: not the arrays that shapes.pt is fed\n  found:  image\n  wanted: input; or ");
    }

    @Test
    void aPictureWithoutPreprocessingAsksForIt() throws IOException {
        Path model = Files.copy(Path.of(DemoModel.model()), folder.resolve("bare.pt"));

        Captured call = Captured.run("explain", model.toString(), good, "-o", out);

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err()).contains("torch", "caffe", "unit");
    }

    @Test
    void aMapOfZerosIsAWarningAndAnErrorWhereAsked() throws IOException {
        Module zeros = method("zeros", gradient -> gradient.mul(0));
        String[] call = {"explain", DemoModel.model(), good, "-m", "zeros", "-o", out};

        Captured mild = Captured.with(zeros, call);
        Captured strict =
                Captured.with(
                        zeros,
                        "explain",
                        DemoModel.model(),
                        good,
                        "-m",
                        "zeros",
                        "-o",
                        out,
                        "--strict");

        assertThat(mild.code()).isZero();
        assertThat(mild.err()).startsWith("vitrail: warning: ").contains("zeros");
        assertThat(Files.readString(Path.of(out, "vitrail.json"))).contains("\"empty\": true");
        assertThat(strict.code()).isEqualTo(5);
        assertThat(strict.err())
                .endsWith(
                        "vitrail: --strict: a map shows nothing of "
                                + good
                                + "\n  do:  another target or layer, or leave --strict out\n");
    }

    @Test
    void aMethodThatFailsIsAFailure() {
        Module failing =
                method(
                        "failing",
                        gradient -> {
                            throw VitrailException.failure("failing: no idea");
                        });

        Captured call =
                Captured.with(
                        failing, "explain", DemoModel.model(), good, "-m", "failing", "-o", out);

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err()).isEqualTo("vitrail: " + good + ": failing: no idea\n");
    }

    /** A method of this test's own: a function of the gradient. */
    private static Module method(String id, UnaryOperator<NDArray> formula) {
        OnePassMethod method =
                new OnePassMethod() {
                    @Override
                    public String id() {
                        return id;
                    }

                    @Override
                    public String sentence() {
                        return "A method of a test.";
                    }

                    @Override
                    public Place place() {
                        return Place.INPUT_OR_LAYERS;
                    }

                    @Override
                    public Probe probe(Request request) {
                        return Probe.atInput();
                    }

                    @Override
                    public Attribution attribute(Pass pass, Request request) {
                        return request.attribution(formula.apply(pass.gradient(request.target())));
                    }
                };
        return new AbstractModule() {
            @Provides
            Vitrail vitrail() {
                return Vitrail.builder().fit((AttributionMethod) method).open();
            }
        };
    }
}
