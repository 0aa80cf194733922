package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.NodeText.number;

import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch norm comes to: {@code factor * (x - mean) + bias}.
 *
 * <p>In double precision, to be {@link #rounded} at the end. Each text adds the weights that it
 * reads to a list of sources, as a {@link Derived} names them.
 */
final class NormFactors {
    private static final int FLOAT64 = 7; // as libtorch counts types
    private static final int FLOAT32 = 6;

    private NormFactors() {}

    /** Return a text's array in the type that the network computes in. */
    static String rounded(String text) {
        return call("to", text, FLOAT32);
    }

    private static String source(Parameter parameter, List<Parameter> sources) {
        sources.add(parameter);
        return call("to", "$" + (sources.size() - 1), FLOAT64);
    }

    static String factor(Node norm, List<Parameter> sources) {
        double epsilon = ((Operator.BatchNorm) norm.operator()).epsilon();
        String variance = source(norm.parameters().get("variance"), sources);
        String root = call("rsqrt", call("add", variance, number(epsilon)));
        Parameter weight = norm.parameters().get("weight");
        return weight == null ? root : call("mul", root, source(weight, sources));
    }

    /** Return the mean's distance from a bias that was added before, or from 0. */
    static String centred(Node norm, @Nullable Parameter bias, List<Parameter> sources) {
        String mean = source(norm.parameters().get("mean"), sources);
        return bias == null ? call("neg", mean) : call("sub", source(bias, sources), mean);
    }

    static String shifted(Node norm, String scaled, List<Parameter> sources) {
        Parameter bias = norm.parameters().get("bias");
        return bias == null ? scaled : call("add", scaled, source(bias, sources));
    }
}
