package io.vitrail.engine.djl.forms;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Probe;
import io.vitrail.testkit.OperatorMatrix;
import java.util.List;
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

    @TestFactory
    Stream<DynamicTest> everyOperatorGivesTheNumbersOfTheExactForm() {
        return OperatorMatrix.networks().stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
    }

    private static void compare(GraphSource operator) {
        FloatNetwork network = new FloatNetwork(operator);
        BothForms.compare(
                network,
                BothForms.Way.REWRITTEN,
                network::numbers,
                RewrittenOperatorsTest::probes,
                ROUNDING);
    }

    private static List<Probe> probes(List<Layer> all) {
        Layer operator = all.stream().filter(l -> l.name().equals("op")).findFirst().orElseThrow();
        // what has no gradient of its own: whole numbers and truths, and the inside of a loop
        List<Layer> points =
                all.stream()
                        .filter(l -> l.type().type().isFloating() && !l.name().startsWith("loop/"))
                        .toList();
        Probe seen = Probe.atInput().and(Probe.at(points)).keepOutputs(points);
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
}
