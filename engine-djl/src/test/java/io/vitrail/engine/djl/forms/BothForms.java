package io.vitrail.engine.djl.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Run a network in two ways, and compare all that either gives. */
final class BothForms {
    private static final Target CUBES =
            outputs -> {
                NDArray sum = null;
                for (NDArray output : outputs) {
                    NDArray items = output.reshape(output.getShape().get(0), -1);
                    NDArray score = items.mul(items).mul(0.1f).add(items).sum(new int[] {1});
                    sum = sum == null ? score : sum.add(score);
                }
                return sum;
            };

    private BothForms() {}

    /**
     * How a network is run.
     *
     * @param exact whether each node is computed as it is written
     * @param form what a pass says of it
     */
    record Way(Engine engine, boolean exact, String form) {
        static final Way EXACT = new Way(new PyTorchEngine(), true, "exact");
        static final Way REWRITTEN = new Way(new PyTorchEngine(), false, "rewritten");

        private Model load(GraphSource network) {
            Map<String, String> options = Map.of("exact", String.valueOf(exact));
            return engine.load(network, new Engine.Settings(Device.cpu(), 0, options));
        }
    }

    /**
     * Compare.
     *
     * @param way to be held to PyTorch's exact form
     * @param probes what is asked for, of the layers
     * @param rounding how far numbers may be off, relative to the largest of their array
     */
    static void compare(
            GraphSource network,
            Way way,
            Function<NDManager, NDList> numbers,
            Function<List<Layer>, List<Probe>> probes,
            double rounding) {
        try (Model one = Way.EXACT.load(network);
                Model other = way.load(network);
                NDManager manager = one.newManager();
                NDManager another = other.newManager()) {
            NDList inputs = numbers.apply(manager);
            NDList same = numbers.apply(another);
            for (Probe probe : probes.apply(one.layers(inputs).matching(layer -> true))) {
                Map<String, NDArray> exact = results(one, Way.EXACT.form, probe, inputs, manager);
                Map<String, NDArray> found = results(other, way.form, probe, same, another);
                assertThat(found.keySet()).isEqualTo(exact.keySet());
                exact.forEach(
                        (name, array) ->
                                check(
                                        network.name() + ", " + name,
                                        found.get(name),
                                        array,
                                        rounding));
            }
        }
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
                                NDList found =
                                        sweep.atInput()
                                                ? pass.gradients(CUBES, name)
                                                : new NDList();
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

    private static void check(String name, NDArray actual, NDArray expected, double rounding) {
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
                        .isCloseTo(e[i], within(rounding * largest));
            } else {
                assertThat(Float.compare(a[i], e[i])).as("%s, element %d", name, i).isZero();
            }
        }
    }
}
