package io.vitrail.engine.djl.forms;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Probe;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rewritten form of networks drawn by chance gives the numbers of PyTorch's exact form, and so
 * does MXNet, with batch norms folded and without.
 */
class RandomNetworksTest {
    /** Twenty layers of single precision. */
    private static final double ROUNDING = 2e-4;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void outputsGradientsAndTapsAreThoseOfTheExactForm(int part) {
        for (int seed = 8 * part; seed < 8 * part + 8; seed++) {
            compare(new RandomNetwork(seed, false), BothForms.Way.REWRITTEN, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mxnetGivesTheNumbersOfPyTorch(boolean exact) {
        BothForms.Way way = new BothForms.Way(new MxNetEngine(), exact, "exact");
        for (int seed = 0; seed < 16; seed++) {
            compare(new RandomNetwork(seed, true), way, seed);
        }
    }

    private static void compare(RandomNetwork network, BothForms.Way way, int seed) {
        BothForms.compare(network, way, network::numbers, layers -> probes(layers, seed), ROUNDING);
    }

    private static List<Probe> probes(List<Layer> layers, int seed) {
        Random random = new Random(seed);
        List<Layer> some = new ArrayList<>(layers);
        some.removeIf(layer -> random.nextInt(4) > 0);
        Probe guided =
                Probe.atInput()
                        .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput("guided")
                        .rule("deconvnet", Layer::isRectifier, BackwardRule.DECONVNET)
                        .differentiateAtInput("deconvnet");
        return List.of(
                Probe.outputsOnly(),
                Probe.atInput(),
                Probe.at(List.of(layers.get(layers.size() / 2))),
                guided,
                guided.and(Probe.at(some)).keepOutputs(some).differentiateAt("guided", some));
    }
}
