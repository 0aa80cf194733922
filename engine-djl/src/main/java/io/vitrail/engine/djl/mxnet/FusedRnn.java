package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * MXNet's operator for whole recurrent layers.
 *
 * <p>Its gradient needs what only a forward pass in training mode leaves behind, in which it would
 * also drop outputs between layers. Where MKL-DNN is in the library but off, MXNet prepares it for
 * MKL-DNN all the same in single precision, and fails; so it runs in double there.
 */
final class FusedRnn {
    private static final boolean DOUBLE = Environment.of(System.getenv()).mklDnnIsOff();

    private FusedRnn() {}

    /**
     * Return the kernel.
     *
     * @param operands the sequence, the weights in one row and the first states
     */
    static Kernel kernel(Function<Operands, NDList> operands, Map<String, String> attributes) {
        Map<String, String> own = new LinkedHashMap<>(attributes);
        own.put("p", "0");
        return new Kernel(
                x -> DOUBLE ? inDouble(x, operands, own) : run(x, operands.apply(x), own),
                null,
                Kernel.Tape.TRAINING,
                false,
                null);
    }

    private static NDList run(Operands x, NDList operands, Map<String, String> attributes) {
        return Calls.invoke(x.owner(), "RNN", operands, attributes);
    }

    private static NDList inDouble(
            Operands x, Function<Operands, NDList> operands, Map<String, String> attributes) {
        NDList wide = new NDList();
        operands.apply(x).forEach(operand -> wide.add(cast(x, operand, DataType.FLOAT64)));
        // the gradient of GRU and RNN is wrong where those of weights and states are not asked for
        NDArray nothing = x.times(x.call("sum", wide.get(0)), 0);
        for (int i = 1; i < wide.size(); i++) {
            wide.set(i, x.plus(wide.get(i), nothing));
        }
        NDList found = new NDList();
        for (NDArray output : run(x, wide, attributes)) {
            found.add(cast(x, output, x.node().outputs().get(found.size()).type()));
        }
        return found;
    }

    private static NDArray cast(Operands x, NDArray array, DataType type) {
        return array.getDataType() == type || !array.getDataType().isFloating()
                ? array
                : x.call("Cast", array, "dtype", type.name().toLowerCase(Locale.ROOT));
    }
}
