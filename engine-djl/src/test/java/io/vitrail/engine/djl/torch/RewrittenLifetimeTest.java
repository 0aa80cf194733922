package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A rewritten plan: what it holds, what it leaves, and who may use it at once. */
class RewrittenLifetimeTest {
    /** Of M1, by hand: facts of the field's tiny network. */
    private static final float[] GUIDED = {0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1};

    private final CrankyCalls calls = new CrankyCalls();

    private Model load() {
        return TorchBackend.load(TinyNetworks.m1(), Device.cpu(), false, calls);
    }

    private static NDList counting(NDManager manager) {
        return new NDList(manager.arange(16f).reshape(new Shape(1, 1, 4, 4)));
    }

    private static float[] guided(Model model, NDList inputs) {
        Probe probe =
                Probe.atInput()
                        .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput("guided");
        try (Pass pass = model.run(probe, inputs)) {
            assertThat(pass.form()).isEqualTo("rewritten");
            return pass.gradient(Targets.classIndex(0), "guided").toFloatArray();
        }
    }

    @Test
    void whicheverCallFailsNothingIsLeftAndTheNextExplanationIsRight() {
        try (NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            int all;
            int afterwards;
            try (Model model = load()) {
                calls.failAt(0);
                assertThat(guided(model, inputs)).containsExactly(GUIDED);
                all = calls.made().size();
                afterwards = calls.openArrays(); // the weights, stored and derived
            }
            assertThat(calls.openArrays()).isZero();
            for (int n = 1; n <= all; n++) {
                try (Model model = load()) {
                    calls.failAt(n);
                    assertThatThrownBy(() -> guided(model, inputs))
                            .as("call %d of %d", n, all)
                            .isInstanceOfAny(
                                    EngineException.class, io.vitrail.api.VitrailException.class)
                            .hasStackTraceContaining("was made to fail");
                    assertThat(calls.openManagers()).as("call %d", n).isEqualTo(1); // the model's
                    assertThat(calls.openArrays()).as("call %d", n).isLessThanOrEqualTo(afterwards);
                    assertThat(guided(model, inputs))
                            .as("after call %d", n)
                            .containsExactly(GUIDED);
                    assertThat(calls.openArrays()).as("after call %d", n).isEqualTo(afterwards);
                }
                assertThat(calls.openManagers()).isZero();
            }
        }
    }

    @Test
    void weightsThatPlansDerivedGoWithTheLastOfThem() {
        try (Model model = load();
                NDManager own = Libtorch.newManager(Device.cpu())) {
            calls.failAt(0);
            int first = 0;
            for (int batch = 1; batch <= 40; batch++) { // 16 recordings are kept
                NDArray x = own.ones(new Shape(batch, 1, 4, 4));
                guided(model, new NDList(x));
                if (batch == 20) {
                    first = calls.openArrays();
                }
            }
            assertThat(calls.openArrays()).isEqualTo(first);
        }
        assertThat(calls.openArrays()).isZero();
    }

    @Test
    void weightsInTheOrdersOfManySizesMakeRoomForEachOther() {
        try (Model model = TorchBackend.load(TinyNetworks.m1(), Device.cpu(), false, calls, 0);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList counting = counting(own);
            calls.failAt(0);
            int least = 0;
            int most = 0;
            for (int batch = 1; batch <= 14; batch++) { // fewer than the recordings that are kept
                guided(model, new NDList(own.ones(new Shape(batch, 1, 4, 4))));
                most = Math.max(most, calls.openArrays());
                least = batch == 1 ? most : least;
            }
            // of one size: the stored weights, and those for the way forward and back
            assertThat(most).isLessThan(4 * least);
            assertThat(guided(model, counting)).containsExactly(GUIDED);
        }
        assertThat(calls.openArrays()).isZero();
    }

    @Test
    void threadsShareAPlan() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Model model = load();
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            List<Future<float[]>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(pool.submit(() -> guided(model, inputs)));
            }
            for (Future<float[]> each : all) {
                assertThat(each.get()).containsExactly(GUIDED);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void whatAPassHandsOutIsNotWhatTheNextOneWritesTo() {
        try (Model model = load();
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            List<Layer> all = model.layers(inputs).matching(layer -> true);
            Probe probe = Probe.atInput().and(Probe.at(all)).keepOutputs(all);
            try (Pass pass = model.run(probe, inputs)) {
                List<float[]> before =
                        all.stream().map(l -> pass.output(l).toFloatArray()).toList();
                float[] gradient = pass.gradient(Targets.classIndex(0)).toFloatArray();
                float[] at = pass.gradient(Targets.classIndex(0), all.get(0)).toFloatArray();
                pass.gradient(Targets.classIndex(1));
                guided(model, inputs);
                for (int i = 0; i < all.size(); i++) {
                    assertThat(pass.output(all.get(i)).toFloatArray())
                            .containsExactly(before.get(i));
                }
                assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray())
                        .containsExactly(gradient);
                assertThat(pass.gradient(Targets.classIndex(0), all.get(0)).toFloatArray())
                        .containsExactly(at);
            }
        }
    }
}
