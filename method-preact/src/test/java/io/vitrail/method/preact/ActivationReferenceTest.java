package io.vitrail.method.preact;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Operator;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TorchReference;
import io.vitrail.testkit.Trial;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hold the methods to what torch computes on the same files. */
class ActivationReferenceTest {
    private static final Target ANY = Targets.classIndex(0);

    static List<TorchReference> references() {
        return TorchReference.named();
    }

    static List<TorchReference> all() {
        return TorchReference.all();
    }

    @ParameterizedTest
    @MethodSource("references")
    void equalsTheReference(TorchReference reference) {
        ReferenceArrays expected = reference.read();
        try (Model model = reference.load();
                NDManager manager = model.newManager()) {
            NDList inputs = TorchReference.input(expected, manager);
            check(reference, expected, "act", Trial.of(new Activation(), ANY), model, inputs);
            check(reference, expected, "pre", Trial.of(new PreActivation(), ANY), model, inputs);
        }
    }

    private static void check(
            TorchReference reference,
            ReferenceArrays expected,
            String key,
            Trial trial,
            Model model,
            NDList inputs) {
        List<String> whole = expected.after(key + "/");
        if (!whole.isEmpty()) {
            Attribution found = trial.at(whole.toArray(String[]::new)).run(model, inputs);
            for (String layer : whole) {
                String name = key + "/" + layer;
                reference.checkForward(name, found.atLayer(layer), expected.get(name));
            }
        }
        for (String layer : expected.after(key + "_s4/")) {
            String name = key + "_s4/" + layer;
            Values found = trial.at(layer).run(model, inputs).values();
            reference.checkForward(name, everyFourth(found), expected.get(name));
        }
    }

    /** {@code A[:, ::4, ::4, ::4]}. */
    private static Values everyFourth(Values values) {
        long[] from = values.shape();
        long[] to = {from[0], (from[1] + 3) / 4, (from[2] + 3) / 4, (from[3] + 3) / 4};
        double[] kept = new double[(int) (to[0] * to[1] * to[2] * to[3])];
        int at = 0;
        for (int n = 0; n < from[0]; n++) {
            for (int c = 0; c < from[1]; c += 4) {
                for (int y = 0; y < from[2]; y += 4) {
                    for (int x = 0; x < from[3]; x += 4) {
                        long position = ((n * from[1] + c) * from[2] + y) * from[3] + x;
                        kept[at++] = values.get((int) position);
                    }
                }
            }
        }
        return Values.of(kept, Axes.NONE, to);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theOutputIsThatOfTorch(TorchReference reference) {
        ReferenceArrays expected = reference.read();
        try (Model model = reference.load();
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(Probe.outputsOnly(), TorchReference.input(expected, manager))) {
            reference.checkForward(
                    "output",
                    Values.copyOf(pass.outputs().head(), Axes.NONE),
                    expected.get("output"));
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void theReluOfThePreActivationIsTheActivationBitForBit(TorchReference reference) {
        ReferenceArrays expected = reference.read();
        try (Model model = reference.load();
                NDManager manager = model.newManager()) {
            NDList inputs = TorchReference.input(expected, manager);
            List<Layer> relus =
                    model.layers(inputs)
                            .matching(
                                    layer ->
                                            layer.operator() instanceof Operator.Relu
                                                    || layer.operator() instanceof Operator.Clip);
            assertThat(relus).isNotEmpty();
            Probe probe = Probe.keeping(relus).keepInputs(relus);
            try (Pass pass = model.run(probe, inputs)) {
                for (Layer relu : relus) {
                    float[] in = pass.inputs(relu).head().toFloatArray();
                    float[] out = pass.output(relu).toFloatArray();
                    boolean six = relu.operator() instanceof Operator.Clip;
                    for (int i = 0; i < in.length; i++) {
                        float rectified = in[i] > 0 ? in[i] : 0;
                        in[i] = six ? Math.min(rectified, 6) : rectified;
                    }
                    assertThat(out).as(relu.name()).isEqualTo(in);
                }
            }
        }
    }
}
