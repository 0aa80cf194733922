package io.vitrail.engine.djl.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.testkit.MxNetReference;
import io.vitrail.testkit.ReferenceArrays;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every array that MXNet itself gave for its files, forwards and backwards. */
class SymbolReferenceTest {
    @TestFactory
    Stream<DynamicTest> everyReferenceIsMet() {
        return MxNetReference.all().stream()
                .map(each -> DynamicTest.dynamicTest(each.toString(), () -> check(each)));
    }

    private static Model load(MxNetReference reference) {
        return new MxNetEngine()
                .load(new SymbolFormat().open(reference.file()), Engine.Settings.defaults());
    }

    private static Values copy(NDArray array) {
        return Values.copyOf(array, Axes.NONE);
    }

    private static void check(MxNetReference reference) {
        ReferenceArrays expected = reference.read();
        try (Model model = load(reference);
                NDManager manager = model.newManager()) {
            NDList inputs = MxNetReference.input(expected, manager);
            Layers layers = model.layers(inputs);
            List<Layer> outputs = fetch(layers, expected.after("act/"));
            List<Layer> cams = fetch(layers, expected.after("gradcam/"));
            List<Layer> pre = fetch(layers, expected.after("pre/"));
            Target target = target(reference, layers, (int) expected.get("target").toDoubles()[0]);
            Probe probe =
                    Probe.atInput()
                            .and(Probe.at(cams))
                            .and(Probe.keeping(outputs))
                            .keepInputs(pre)
                            .reading(target)
                            .and(ruled("guided", BackwardRule.GUIDED))
                            .and(ruled("deconvnet", BackwardRule.DECONVNET));
            try (Pass pass = model.run(probe, inputs)) {
                forward(reference, expected, pass, outputs, pre);
                NDArray gradient = pass.gradient(target);
                reference.checkGradient("grad", copy(gradient), expected.get("grad"));
                reference.checkGradient(
                        "guided", copy(pass.gradient(target, "guided")), expected.get("guided"));
                reference.checkClosely(
                        "deconvnet",
                        copy(pass.gradient(target, "deconvnet")),
                        expected.get("deconvnet"));
                for (Layer layer : cams) {
                    NDArray weights = pass.gradient(target, layer).mean(new int[] {2, 3}, true);
                    NDArray map = pass.output(layer).mul(weights).sum(new int[] {1}, true);
                    reference.checkGradient(
                            "gradcam/" + layer.name(),
                            copy(map),
                            expected.get("gradcam/" + layer.name()));
                }
            }
        }
    }

    private static void forward(
            MxNetReference reference,
            ReferenceArrays expected,
            Pass pass,
            List<Layer> outputs,
            List<Layer> pre) {
        NDList results = pass.outputs();
        for (int i = 0; i < results.size(); i++) {
            String name = results.size() == 1 ? "output" : "output_" + i;
            reference.checkClosely(name, copy(results.get(i)), expected.get(name));
        }
        for (Layer layer : outputs) {
            reference.checkClosely(
                    layer.name(), copy(pass.output(layer)), expected.get("act/" + layer.name()));
        }
        for (Layer layer : pre) {
            reference.checkClosely(
                    "pre " + layer.name(),
                    copy(pass.inputs(layer).head()),
                    expected.get("pre/" + layer.name()));
        }
        assertThat(pass.rulesAt("guided")).isPositive();
    }

    private static Probe ruled(String sweep, BackwardRule rule) {
        return Probe.outputsOnly()
                .rule(sweep, Layer::isRectifier, rule)
                .differentiateAtInput(sweep);
    }

    private static List<Layer> fetch(Layers layers, List<String> names) {
        Set<Layer> found = new LinkedHashSet<>();
        names.forEach(name -> found.add(layers.get(name)));
        return List.copyOf(found);
    }

    /** The logit; for the detector a channel's sum over heads and grid. */
    private static Target target(MxNetReference reference, Layers layers, int channel) {
        List<Source> sources = new ArrayList<>();
        if (layers.finalActivation(0).isPresent()) {
            sources.add(new Source.At(layers.finalActivation(0).get().inputs().get(0)));
        }
        return new Target() {
            @Override
            public NDArray score(NDList values) {
                NDArray sum = null;
                for (NDArray value : values) {
                    NDArray one = value.get(":," + channel);
                    NDArray each =
                            one.getShape().dimension() == 1 ? one : one.sum(new int[] {1, 2});
                    sum = sum == null ? each : sum.add(each);
                }
                return sum;
            }

            @Override
            public List<Source> sources() {
                return sources;
            }
        };
    }
}
