package io.vitrail.testkit;

import static io.vitrail.testkit.OperatorCase.NONE;
import static io.vitrail.testkit.OperatorCase.PICTURE;
import static io.vitrail.testkit.OperatorCase.one;
import static io.vitrail.testkit.SingleOperator.l;

import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions of each element, and softmax. */
final class ActivationCases {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private ActivationCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> all = new ArrayList<>();
        operators().forEach((name, operator) -> all.add(one(name, operator, NONE, l(20), l(20))));
        all.add(prelu("prelu, one weight a channel", l(2)));
        all.add(prelu("prelu, one weight", l(1)));
        all.add(prelu("prelu, one weight a channel, broadcast", l(2, 1, 1)));
        all.add(prelu("prelu, one weight an element", PICTURE));
        all.add(one("softmax over rows", new Operator.Softmax(2), NONE, l(3, 4), l(3, 4)));
        Operator joint = new Operator.Softmax(List.of(1, 2));
        all.add(one("softmax over a plane", joint, NONE, l(3, 2, 2), l(3, 2, 2)));
        return all;
    }

    private static OperatorCase prelu(String name, List<Long> weight) {
        return one(name, new Operator.Prelu(), Map.of("weight", weight), PICTURE, PICTURE);
    }

    private static Map<String, Operator> operators() {
        Map<String, Operator> operators = new LinkedHashMap<>();
        operators.put("relu", new Operator.Relu());
        operators.put("leaky relu", new Operator.LeakyRelu(0.1));
        operators.put("general relu", new Operator.GeneralRelu(2, 0.1, 0.5));
        operators.put("general relu, no maximum", new Operator.GeneralRelu(INFINITY, 0.1, 0.5));
        operators.put("general relu, no slope", new Operator.GeneralRelu(2, 0, -1));
        operators.put("general relu, no threshold", new Operator.GeneralRelu(2, 0.1, 0));
        operators.put("relu6", new Operator.Clip(0, 2, false));
        operators.put("clamp", new Operator.Clip(-1, 1, true));
        operators.put("clamp, one end", new Operator.Clip(0, INFINITY, true));
        operators.put("elu", new Operator.Elu(1.5, 1, 1));
        operators.put("selu", new Operator.Elu(1.6732632423543772, 1.0507009873554805, 1));
        operators.put("celu", new Operator.Elu(2, 1, 0.5));
        operators.put("gelu", new Operator.Gelu(false));
        operators.put("gelu by tanh", new Operator.Gelu(true));
        operators.put("silu", new Operator.Silu());
        operators.put("mish", new Operator.Mish());
        operators.put("softplus", new Operator.Softplus(2));
        operators.put("hard swish", new Operator.HardSwish());
        operators.put("hard sigmoid", new Operator.HardSigmoid());
        operators.put("hard sigmoid, steeper", new Operator.HardSigmoid(0.2));
        operators.put("sigmoid", new Operator.Sigmoid());
        operators.put("tanh", new Operator.Tanh());
        operators.put("softmax", new Operator.Softmax(1));
        operators.put("log softmax", new Operator.LogSoftmax(1));
        operators.put("hard shrink", new Operator.Shrink(0.5, false));
        operators.put("soft shrink", new Operator.Shrink(0.5, true));
        operators.put("threshold", new Operator.Threshold(1, -2));
        operators.put("scale", new Operator.Scale(-3, 0.25));
        for (Operator.Pointwise.Function function : Operator.Pointwise.Function.values()) {
            Operator pointwise = new Operator.Pointwise(function);
            operators.put(pointwise.kind(), pointwise);
        }
        return operators;
    }
}
