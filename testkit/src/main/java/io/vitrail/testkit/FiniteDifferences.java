package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;

/**
 * Compare plain gradients with central differences of the score.
 *
 * <p>In double the step is 1e-5: rounding (1e-16 / 1e-5) and the neglected third derivative (1e-10)
 * together stay below 1e-8 of the score. In float it is 1e-2, good for what is linear or nearly so.
 */
public final class FiniteDifferences {
    private FiniteDifferences() {}

    /**
     * Check the gradient at every element of every input.
     *
     * @param inputs a batch of independent items, float or double
     * @param tolerance the largest error allowed, in units of the gradient's largest element, or of
     *     1 where that is smaller
     */
    public static void check(Model model, NDList inputs, Target target, double tolerance) {
        try (NDManager manager = model.newManager();
                Pass pass = model.run(Probe.atInput().reading(target), inputs)) {
            NDList gradients = pass.gradients(target, Probe.PLAIN);
            for (int i = 0; i < inputs.size(); i++) {
                check(model, manager, inputs, i, target, doubles(gradients.get(i)), tolerance);
            }
        }
    }

    private static void check(
            Model model,
            NDManager manager,
            NDList inputs,
            int which,
            Target target,
            double[] gradient,
            double tolerance) {
        NDArray input = inputs.get(which);
        int items = (int) input.getShape().get(0);
        int size = gradient.length / items;
        double step = input.getDataType() == DataType.FLOAT64 ? 1e-5 : 1e-2;
        double[] at = doubles(input);
        double scale = 1;
        for (double g : gradient) {
            scale = Math.max(scale, Math.abs(g));
        }
        for (int element = 0; element < size; element++) {
            double[] above = score(model, manager, inputs, which, target, at, element, step);
            double[] below = score(model, manager, inputs, which, target, at, element, -step);
            for (int n = 0; n < items; n++) {
                assertThat(gradient[n * size + element])
                        .as(
                                "gradient of %s, input %d, item %d, element %d",
                                model.name(), which, n, element)
                        .isCloseTo((above[n] - below[n]) / (2 * step), within(tolerance * scale));
            }
        }
    }

    /** Scores with one element of every item moved: items are independent, so one run does. */
    private static double[] score(
            Model model,
            NDManager manager,
            NDList inputs,
            int which,
            Target target,
            double[] at,
            int element,
            double by) {
        NDArray input = inputs.get(which);
        int items = (int) input.getShape().get(0);
        double[] moved = at.clone();
        for (int n = 0; n < items; n++) {
            moved[n * (at.length / items) + element] += by;
        }
        try (NDManager own = manager.newSubManager()) {
            NDList changed = new NDList(inputs);
            changed.set(
                    which, own.create(moved, input.getShape()).toType(input.getDataType(), false));
            try (Pass pass = model.run(Probe.outputsOnly().reading(target), changed)) {
                return doubles(pass.score(target));
            }
        }
    }

    private static double[] doubles(NDArray array) {
        return Values.copyOf(array, Axes.NONE).toDoubles();
    }
}
