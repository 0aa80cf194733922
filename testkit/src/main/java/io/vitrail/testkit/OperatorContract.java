package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Check that an engine computes and differentiates each neutral operator as its page says, in
 * either layout.
 */
public abstract class OperatorContract {
    /** Create the contract; for subclasses. */
    protected OperatorContract() {}

    /** Return the engine to check. */
    protected abstract Engine engine();

    Model load(GraphSource source) {
        return engine().load(source, Engine.Settings.defaults());
    }

    @TestFactory
    Stream<DynamicTest> plainGradientsAreThoseOfFiniteDifferences() {
        return OperatorCase.all().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.name(),
                                        () -> {
                                            try (Model model = load(each.network());
                                                    NDManager manager = model.newManager()) {
                                                check(model, each.inputs(manager));
                                            }
                                        }));
    }

    static void check(Model model, NDList inputs) {
        checkShapes(model, inputs);
        FiniteDifferences.check(model, inputs, Targets.squares(), 1e-6);
    }

    private static void checkShapes(Model model, NDList inputs) {
        Layers layers = model.layers(inputs);
        List<Layer> all = layers.matching(layer -> true);
        try (Pass pass = model.run(Probe.keeping(all), inputs)) {
            for (Layer layer : all) {
                assertThat(pass.output(layer).getShape()).isEqualTo(layer.shape());
                if (layer.type().type().isFloating()) { // engines differ in what a truth is
                    assertThat(pass.output(layer).getDataType()).isEqualTo(DataType.FLOAT64);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> operatorsComputeWhatTheyAreDefinedToBe() {
        return KnownOutput.all().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.name(),
                                        () -> {
                                            try (Model model = load(each.network().network());
                                                    NDManager manager = model.newManager();
                                                    Pass pass =
                                                            model.run(
                                                                    Probe.outputsOnly(),
                                                                    each.inputs(manager))) {
                                                assertThat(pass.outputs().head().toDoubleArray())
                                                        .containsExactly(
                                                                each.expected(), within(1e-12));
                                            }
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> derivativesAtTheKinksAreThoseThatTheOperatorsSay() {
        return KnownGradient.all().stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> checkGradient(each)));
    }

    private void checkGradient(KnownGradient each) {
        try (Model model = load(each.network().network());
                NDManager manager = model.newManager()) {
            NDList inputs = each.inputs(manager);
            Target sum = Targets.sumOf(model.layers(inputs).get("op"));
            try (Pass pass = model.run(Probe.atInput().reading(sum), inputs)) {
                NDList gradients = pass.gradients(sum, Probe.PLAIN);
                for (int i = 0; i < gradients.size(); i++) {
                    assertThat(gradients.get(i).toDoubleArray())
                            .as("input %d", i)
                            .containsExactly(each.expected().get(i));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> channelsLastGivesTheSameNumbersInAnotherOrder() {
        return OperatorCase.all().stream()
                .filter(each -> each.channelsLast().isPresent())
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> checkLayouts(each)));
    }

    private void checkLayouts(OperatorCase first) {
        OperatorCase last = first.channelsLast().orElseThrow();
        try (Model firstModel = load(first.network());
                Model lastModel = load(last.network());
                NDManager manager = firstModel.newManager()) {
            NDList inputs = first.inputs(manager);
            NDList moved = new NDList(moved(inputs.head()));
            try (Pass firstPass = firstModel.run(Probe.outputsOnly(), inputs);
                    Pass lastPass = lastModel.run(Probe.outputsOnly(), moved)) {
                assertThat(lastPass.outputs().head().toDoubleArray())
                        .containsExactly(
                                moved(firstPass.outputs().head()).toDoubleArray(), within(1e-12));
            }
        }
    }

    /** Return an array with its channels last, laid out anew. */
    private static NDArray moved(NDArray array) {
        int rank = array.getShape().dimension();
        int[] axes = new int[rank];
        for (int i = 1; i < rank; i++) {
            axes[i] = i == rank - 1 ? 1 : i + 1;
        }
        try (NDArray view = array.transpose(axes)) {
            return array.getManager().create(view.toDoubleArray(), view.getShape());
        }
    }
}
