package io.vitrail.engine.djl.torch;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rewritten form of networks drawn by chance gives the numbers of their exact form. */
class RewrittenNetworksTest {
    /** Twenty layers of single precision. */
    private static final double ROUNDING = 2e-4;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void outputsGradientsAndTapsAreThoseOfTheExactForm(int part) {
        for (int seed = 8 * part; seed < 8 * part + 8; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            int chance = seed;
            BothForms.compare(
                    network, network::numbers, layers -> probes(layers, chance), ROUNDING);
        }
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
