package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Operator;
import org.jspecify.annotations.Nullable;

/** Say what operators have in common, whatever their settings are called. */
final class Traits {
    private Traits() {}

    static boolean isRelu(Operator operator) {
        return operator instanceof Operator.Relu
                || operator instanceof Operator.GeneralRelu general
                        && general.slope() == 0
                        && general.threshold() == 0
                        && general.max() == Double.POSITIVE_INFINITY;
    }

    /** Return the ends of a clip whose derivative at the ends is 0, or null. */
    static double @Nullable [] openRange(Operator operator) {
        if (operator instanceof Operator.Clip clip && !clip.inclusive()) {
            return new double[] {clip.min(), clip.max()};
        }
        return operator instanceof Operator.GeneralRelu general
                        && general.slope() == 0
                        && general.threshold() == 0
                        && general.max() > 0
                        && general.max() < Double.POSITIVE_INFINITY
                ? new double[] {0, general.max()}
                : null;
    }

    /** Return whether the output is positive where the input is, and nowhere else. */
    static boolean keepsSign(Operator operator) {
        double[] range = openRange(operator);
        return isRelu(operator)
                || operator instanceof Operator.LeakyRelu leaky && leaky.slope() >= 0
                || range != null && range[0] == 0 && range[1] > 0;
    }

    /** Return whether an operator's output lies in memory as its input does. */
    static boolean keepsMemory(Operator operator) {
        return operator instanceof Operator.BatchNorm
                || operator instanceof Operator.MaxPool
                || operator instanceof Operator.AveragePool
                || operator instanceof Operator.AdaptiveAveragePool
                || operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply
                || operator instanceof Operator.Divide
                || operator instanceof Operator.Scale
                || operator instanceof Operator.Identity
                || operator instanceof Operator.Concat
                || operator instanceof Operator.Pad
                || operator instanceof Operator.Crop
                || operator instanceof Operator.Resize
                || isActivation(operator);
    }

    private static boolean isActivation(Operator operator) {
        return !(operator instanceof Operator.Softmax)
                && !(operator instanceof Operator.LogSoftmax)
                && ActivationText.of(operator, "x") != null;
    }

    /** Return whether an operator is a convolution over two axes. */
    static boolean isPlane(Operator operator) {
        return operator instanceof Operator.Convolution convolution
                && convolution.strides().size() == 2;
    }
}
