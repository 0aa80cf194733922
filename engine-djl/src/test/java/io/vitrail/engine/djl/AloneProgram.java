package io.vitrail.engine.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import java.util.Arrays;
import java.util.ServiceLoader;

/** Say which engines are there, and explain on those that are. */
final class AloneProgram {
    private AloneProgram() {}

    public static void main(String[] arguments) {
        for (Engine engine : ServiceLoader.load(Engine.class)) {
            String missing = engine.missing();
            System.out.println(engine.name() + ": " + (missing.isEmpty() ? "runs" : missing));
            if (missing.isEmpty()) {
                explain(engine);
            }
        }
    }

    private static void explain(Engine engine) {
        try (Model model = engine.load(TinyNetworks.m2(), Engine.Settings.defaults());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.atInput(),
                                new NDList(
                                        manager.create(
                                                new float[] {0, 100, 0}, new Shape(1, 3))))) {
            System.out.println(
                    Arrays.toString(pass.outputs().head().toFloatArray())
                            + Arrays.toString(pass.gradient(Targets.classIndex(0)).toFloatArray()));
        }
    }
}
