package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.CrankyEngine;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import org.junit.jupiter.api.Test;

/** The saboteur itself: it fails where it is told to, and sees what is left behind. */
class CrankyEngineTest {
    private static void explain(Model model) {
        try (NDManager manager = model.newManager();
                Pass pass = model.run(Probe.atInput(), new NDList(manager.ones(new Shape(1, 3))))) {
            pass.gradient(Targets.classIndex(0));
        }
    }

    @Test
    void itFailsAtTheCallThatItIsTold() {
        String[] calls = {"load", "newManager", "run", "gradients"};
        for (int call = 1; call <= calls.length; call++) {
            CrankyEngine engine = new CrankyEngine(new PyTorchEngine(), call);
            assertThatThrownBy(
                            () -> {
                                try (Model model =
                                        engine.load(
                                                TinyNetworks.m2(), Engine.Settings.defaults())) {
                                    explain(model);
                                }
                            })
                    .isInstanceOf(EngineException.class)
                    .hasMessage("call " + call + ", " + calls[call - 1] + ", was made to fail");
            assertThat(engine.failed()).isTrue();
            assertThat(engine.openManagers()).isZero();
        }
    }

    @Test
    void itLeavesTheOtherCallsAlone() {
        CrankyEngine engine = new CrankyEngine(new PyTorchEngine(), 0);
        try (Model model = engine.load(TinyNetworks.m2(), Engine.Settings.defaults())) {
            explain(model);
        }
        assertThat(engine.calls()).isEqualTo(4);
        assertThat(engine.failed()).isFalse();
    }

    @Test
    void itSeesAPassThatNobodyClosed() {
        CrankyEngine engine = new CrankyEngine(new PyTorchEngine(), 0);
        try (Model model = engine.load(TinyNetworks.m2(), Engine.Settings.defaults())) {
            Pass forgotten;
            try (NDManager manager = model.newManager()) {
                forgotten = model.run(Probe.atInput(), new NDList(manager.ones(new Shape(1, 3))));
            }
            assertThat(engine.openManagers()).isEqualTo(1);
            assertThat(engine.openArrays()).isPositive();
            forgotten.close();
            assertThat(engine.openArrays()).isZero();
        }
    }
}
