package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.testkit.OperatorMatrix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rewritten form of a plan gives the numbers of the exact one: for each operator, forwards and
 * backwards, with and without a rule at it.
 */
class RewrittenOperatorsTest {
    /** Sums of some hundred products of single precision. */
    private static final double ROUNDING = 2e-5;

    private static final Target CUBES =
            outputs -> {
                NDArray sum = null;
                for (NDArray output : outputs) {
                    NDArray items = output.reshape(FloatNetwork.ITEMS, -1);
                    NDArray score = items.mul(items).mul(0.1f).add(items).sum(new int[] {1});
                    sum = sum == null ? score : sum.add(score);
                }
                return sum;
            };

    @TestFactory
    Stream<DynamicTest> everyOperatorGivesTheNumbersOfTheExactForm() {
        return OperatorMatrix.networks().stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
    }

    private static void compare(GraphSource operator) {
        FloatNetwork network = new FloatNetwork(operator);
        Map<String, NDArray> exact;
        Map<String, NDArray> rewritten;
        try (Model one = load(network, true);
                Model other = load(network, false);
                NDManager manager = one.newManager()) {
            NDList inputs = network.numbers(manager);
            for (Probe probe : probes(one.layers(inputs).matching(layer -> true))) {
                exact = results(one, "exact", probe, inputs, manager);
                rewritten = results(other, "rewritten", probe, inputs, manager);
                assertThat(rewritten.keySet()).isEqualTo(exact.keySet());
                for (String name : exact.keySet()) {
                    check(name, rewritten.get(name), exact.get(name));
                }
            }
        }
    }

    private static Model load(GraphSource network, boolean exact) {
        Map<String, String> options = Map.of("exact", String.valueOf(exact));
        return new PyTorchEngine().load(network, new Engine.Settings(Device.cpu(), 0, options));
    }

    private static List<Probe> probes(List<Layer> all) {
        Layer operator = all.stream().filter(l -> l.name().equals("op")).findFirst().orElseThrow();
        Probe seen = Probe.atInput().and(Probe.at(all)).keepOutputs(all);
        Probe ruled =
                Probe.atInput()
                        .rule("guided", layer -> layer.name().equals("op"), BackwardRule.GUIDED)
                        .differentiateAtInput("guided");
        Probe blind = Probe.outputsOnly();
        boolean element = operator.inputs().size() == 1 && sameShape(operator);
        return element
                ? List.of(
                        blind,
                        Probe.atInput(),
                        seen,
                        ruled,
                        ruled.rule(
                                        "deconvnet",
                                        layer -> layer.name().equals("op"),
                                        BackwardRule.DECONVNET)
                                .differentiateAtInput("deconvnet"))
                : List.of(blind, Probe.atInput(), seen, ruled);
    }

    private static boolean sameShape(Layer operator) {
        return operator.isRectifier() || operator.isSmoothActivation();
    }

    private static Map<String, NDArray> results(
            Model model, String form, Probe probe, NDList inputs, NDManager manager) {
        Map<String, NDArray> results = new TreeMap<>();
        try (Pass pass = model.run(probe, inputs)) {
            assertThat(pass.form()).isEqualTo(form);
            for (int i = 0; i < pass.outputs().size(); i++) {
                results.put("output " + i, kept(pass.outputs().get(i), manager));
            }
            for (Layer layer : probe.outputs()) {
                results.put("at " + layer.name(), kept(pass.output(layer), manager));
            }
            probe.sweeps()
                    .forEach(
                            (name, sweep) -> {
                                NDList found = pass.gradients(CUBES, name);
                                for (int i = 0; i < found.size(); i++) {
                                    results.put(
                                            "gradient " + name + " " + i,
                                            kept(found.get(i), manager));
                                }
                                for (Layer layer : sweep.layers()) {
                                    results.put(
                                            "gradient " + name + " at " + layer.name(),
                                            kept(pass.gradient(CUBES, layer, name), manager));
                                }
                            });
        }
        return results;
    }

    private static NDArray kept(NDArray array, NDManager manager) {
        return manager.create(array.toFloatArray(), array.getShape());
    }

    private static void check(String name, NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).as(name).isEqualTo(expected.getShape());
        float[] a = actual.toFloatArray();
        float[] e = expected.toFloatArray();
        double largest = 1e-6;
        for (float number : e) {
            largest = Float.isFinite(number) ? Math.max(largest, Math.abs(number)) : largest;
        }
        for (int i = 0; i < e.length; i++) {
            if (Float.isFinite(e[i])) {
                assertThat((double) a[i])
                        .as("%s, element %d", name, i)
                        .isCloseTo(e[i], within(ROUNDING * largest));
            } else {
                assertThat(Float.compare(a[i], e[i])).as("%s, element %d", name, i).isZero();
            }
        }
    }
}
