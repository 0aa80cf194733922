package io.vitrail.cli.docs;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Step;

/** Let the derivative of softplus stand for that of a ReLU. */
record SoftGate(int beta) implements BackwardRule {
    @Override
    public NDArray gradient(Step step) {
        return step.gradient().mul(Activation.sigmoid(step.input().mul(beta)));
    }
}
