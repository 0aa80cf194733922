package io.vitrail.engine.djl.mxnet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.TinyNetworks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MXNet does one thing at a time; a function of a caller's that does not return is not one. */
class EndlessRuleTest {
    private static float[] gradient(
            Model model, NDList inputs, UnaryOperator<NDArray> inRule, UnaryOperator<NDArray> put) {
        Probe probe =
                Probe.outputsOnly()
                        .rule(
                                "r",
                                layer -> layer.name().equals("relu"),
                                step -> inRule.apply(step.plain(step.gradient())))
                        .differentiateAtInput("r");
        Probe putting = Probe.outputsOnly().replace(model.layers(inputs).get("relu"), put);
        model.run(putting, inputs).close();
        try (Pass pass = model.run(probe, inputs)) {
            return pass.gradient(outputs -> outputs.head().get(":, 0"), "r").toFloatArray();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void othersGoOn(boolean rule) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        UnaryOperator<NDArray> endless =
                array -> {
                    reached.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return array;
                };
        UnaryOperator<NDArray> same = array -> array;
        try (Model model = new MxNetEngine().load(TinyNetworks.m2(), Engine.Settings.defaults());
                NDManager own = Libmxnet.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            float[] right = gradient(model, inputs, same, same);
            CompletableFuture<float[]> stuck =
                    CompletableFuture.supplyAsync(
                            () ->
                                    gradient(
                                            model,
                                            inputs,
                                            rule ? endless : same,
                                            rule ? same : endless));
            try {
                assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
                CompletableFuture<float[]> other =
                        CompletableFuture.supplyAsync(() -> gradient(model, inputs, same, same));

                assertThat(other.get(20, TimeUnit.SECONDS)).containsExactly(right);
                assertThat(stuck).isNotDone();
            } finally {
                release.countDown();
            }
            assertThat(stuck.get(20, TimeUnit.SECONDS)).containsExactly(right);
        }
    }
}
