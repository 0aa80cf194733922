package io.vitrail.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.engine.djl.symbol.SymbolFormat;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.engine.djl.torchscript.TorchScriptFormat;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import io.vitrail.testkit.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The CIFAR-10 ResNet-20 with its real weights, as a file of either engine. */
class BothEnginesTest {
    private static final String LAYER = "layer3.2.relu#2";

    @Test
    void oneNetworkGivesTheSameArraysOnEither() {
        // largest differences found, by the norm, with MKL-DNN on: outputs 1.1e-6,
        // pre-activations 8.8e-7, guided 2.1e-7, Grad-CAM 8.8e-7; off, none is larger than 8e-7
        for (String picture : new String[] {"dog", "eagle", "horses"}) {
            ReferenceArrays reference =
                    SharedData.reference("mxnet/cifar10_resnet20/" + picture + ".npz");
            Map<String, Values> torch =
                    arrays(
                            new PyTorchEngine(),
                            new TorchScriptFormat()
                                    .open(
                                            SharedData.model(
                                                    "torchscript/resnet20_cifar10_traced.pt")),
                            reference);
            Map<String, Values> mxnet =
                    arrays(
                            new MxNetEngine(),
                            new SymbolFormat()
                                    .open(SharedData.model("mxnet/cifar10_resnet20-symbol.json")),
                            reference);
            torch.forEach(
                    (name, values) ->
                            assertThat(Difference.l2(mxnet.get(name), values))
                                    .as("%s of %s", name, picture)
                                    .isLessThan(1e-5));
        }
    }

    private static Map<String, Values> arrays(
            Engine engine, GraphSource source, ReferenceArrays reference) {
        try (Model model = engine.load(source, Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            Values input = reference.get("input");
            NDList inputs = new NDList(manager.create(input.toFloats(), new Shape(input.shape())));
            Layers layers = model.layers(inputs);
            Layer layer = layers.get(LAYER);
            Target target = Targets.classIndex((long) reference.get("target").toDoubles()[0]);
            Probe probe =
                    Probe.at(List.of(layer))
                            .keepInputs(List.of(layer))
                            .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                            .differentiateAtInput("guided");
            try (Pass pass = model.run(probe, inputs)) {
                NDArray weights = pass.gradient(target, layer).sum(layer.spatialAxes(), true);
                Map<String, Values> arrays = new LinkedHashMap<>();
                arrays.put("output", copy(pass.outputs().head()));
                arrays.put("pre-activation", copy(pass.inputs(layer).head()));
                arrays.put("guided", copy(pass.gradient(target, "guided")));
                arrays.put("grad-cam", copy(pass.output(layer).mul(weights).sum(new int[] {1})));
                return arrays;
            }
        }
    }

    private static Values copy(NDArray array) {
        return Values.copyOf(array, Axes.NONE);
    }
}
