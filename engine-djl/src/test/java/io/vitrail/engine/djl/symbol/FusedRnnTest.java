package io.vitrail.engine.djl.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator that runs a whole recurrent layer, against its cell written out step by step in
 * doubles, and against finite differences of that.
 */
class FusedRnnTest {
    private static final int TIME = 5;
    private static final int BATCH = 2;
    private static final int INPUT = 3;
    private static final int STATE = 4;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "lstm, 4, 1, '(1, 2, 4)'",
        "gru, 3, 1, '(1, 2, 4)'",
        "rnn_tanh, 1, 1, '(1, 2, 4)'",
        "rnn_relu, 1, 1, '(1, 2, 4)'",
        "lstm, 4, 2, '(2, 2, 4)'",
        "gru, 3, 2, '(2, 2, 4)'",
        "rnn_tanh, 1, 2, '(2, 2, 4)'",
        "lstm, 4, 1, '(1, 0, 4)'", // as Gluon writes a state whose batch is not known
        "gru, 3, 2, '(2, 0, 4)'"
    })
    void outputsAndGradientsAreThoseOfTheCellStepByStep(
            String mode, int gates, int layers, String state) throws IOException {
        int size = gates * STATE * (INPUT + STATE + 2 + (layers - 1) * (2 * STATE + 2));
        Path file = written(mode, size, layers, state);
        float[] numbers = new float[TIME * BATCH * INPUT];
        Random random = new Random(3);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        try (Model model =
                        new MxNetEngine()
                                .load(new SymbolFormat().open(file), Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(numbers, new Shape(TIME, BATCH, INPUT)));
            try (Pass pass = model.run(Probe.atInput(), inputs)) {
                Cell cell = new Cell(mode, gates, layers, WrittenSymbol.first(size));
                double[] x = new double[numbers.length];
                for (int i = 0; i < x.length; i++) {
                    x[i] = numbers[i];
                }
                float[] found = pass.outputs().head().toFloatArray();
                float[] gradient =
                        pass.gradient(out -> out.head().square().sum(new int[] {1, 2}))
                                .toFloatArray();

                double[] wanted = cell.run(x);
                for (int i = 0; i < found.length; i++) {
                    assertThat((double) found[i]).isCloseTo(wanted[i], within(1e-6));
                }
                for (int i = 0; i < x.length; i++) {
                    double kept = x[i];
                    x[i] = kept + 1e-5;
                    double above = squares(cell.run(x));
                    x[i] = kept - 1e-5;
                    double below = squares(cell.run(x));
                    x[i] = kept;
                    assertThat((double) gradient[i])
                            .isCloseTo((above - below) / 2e-5, within(2e-6));
                }
            }
        }
    }

    @Test
    void aLoopIsRefusedByName() throws IOException {
        WrittenSymbol symbol = new WrittenSymbol();
        int data = symbol.input("data");
        int loop = symbol.node("_foreach", "loop0", Map.of("num_args", "2"), data);
        Path file = symbol.head(loop).write(folder, "loop", DataType.FLOAT32);

        assertThatThrownBy(() -> new SymbolFormat().open(file))
                .hasMessage(
                        """
                        loop-symbol.json: loops and branches inside a symbol are not read
                          where:  node 'loop0' (_foreach)
                          remedy: unroll it in Python before it is saved, or use the operator RNN""");
    }

    private static double squares(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number * number;
        }
        return sum;
    }

    private Path written(String mode, int size, int layers, String state) throws IOException {
        WrittenSymbol symbol = new WrittenSymbol();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("mode", mode);
        attributes.put("state_size", "" + STATE);
        attributes.put("num_layers", "" + layers);
        attributes.put("p", "0.5"); // between layers, while training
        attributes.put("state_outputs", "True");
        int data = symbol.input("data");
        int parameters = symbol.weight("rnn_parameters", size);
        int hidden = symbol.node("_zeros", "begin_state_0", Map.of("shape", state));
        int rnn;
        if (mode.equals("lstm")) {
            int cell = symbol.node("_zeros", "begin_state_1", Map.of("shape", state));
            rnn = symbol.node("RNN", "rnn", attributes, data, parameters, hidden, cell);
        } else {
            rnn = symbol.node("RNN", "rnn", attributes, data, parameters, hidden);
        }
        return symbol.head(rnn).write(folder, "rnn", DataType.FLOAT32);
    }

    /**
     * The matrices of a layer's input, those of its state, the next layer's, then both biases of
     * each; gate by gate.
     *
     * @see <a href="https://arxiv.org/abs/1402.1128">Sak et al. 2014</a>, without projection
     * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. 2014</a>, the reset gate behind the
     *     state's matrix
     */
    private record Cell(String mode, int gates, int layers, float[] weights) {

        double[] run(double[] x) {
            int rows = gates * STATE;
            int matrix = 0;
            int bias = weights.length - layers * 2 * rows;
            double[] sequence = x;
            for (int layer = 0; layer < layers; layer++) {
                int width = layer == 0 ? INPUT : STATE;
                sequence = run(sequence, width, matrix, bias);
                matrix += rows * (width + STATE);
                bias += 2 * rows;
            }
            return sequence;
        }

        private double[] run(double[] x, int width, int matrix, int bias) {
            double[] outputs = new double[TIME * BATCH * STATE];
            double[] hidden = new double[BATCH * STATE];
            double[] memory = new double[BATCH * STATE];
            int rows = gates * STATE;
            for (int t = 0; t < TIME; t++) {
                double[] next = new double[BATCH * STATE];
                for (int n = 0; n < BATCH; n++) {
                    double[] in = new double[rows];
                    double[] back = new double[rows];
                    for (int row = 0; row < rows; row++) {
                        in[row] = weights[bias + row];
                        back[row] = weights[bias + rows + row];
                        for (int i = 0; i < width; i++) {
                            in[row] +=
                                    weights[matrix + row * width + i]
                                            * x[(t * BATCH + n) * width + i];
                        }
                        for (int i = 0; i < STATE; i++) {
                            back[row] +=
                                    weights[matrix + rows * width + row * STATE + i]
                                            * hidden[n * STATE + i];
                        }
                    }
                    for (int k = 0; k < STATE; k++) {
                        next[n * STATE + k] = unit(k, n * STATE + k, in, back, hidden, memory);
                    }
                }
                hidden = next;
                System.arraycopy(hidden, 0, outputs, t * BATCH * STATE, BATCH * STATE);
            }
            return outputs;
        }

        private double unit(
                int k, int place, double[] in, double[] back, double[] hidden, double[] memory) {
            int second = k + STATE;
            int third = second + STATE;
            int fourth = third + STATE;
            return switch (mode) {
                case "lstm" -> { // in, forget, new, out
                    memory[place] =
                            sigmoid(in[second] + back[second]) * memory[place]
                                    + sigmoid(in[k] + back[k]) * Math.tanh(in[third] + back[third]);
                    yield sigmoid(in[fourth] + back[fourth]) * Math.tanh(memory[place]);
                }
                case "gru" -> { // reset, update, new
                    double update = sigmoid(in[second] + back[second]);
                    double fresh = Math.tanh(in[third] + sigmoid(in[k] + back[k]) * back[third]);
                    yield (1 - update) * fresh + update * hidden[place];
                }
                case "rnn_tanh" -> Math.tanh(in[k] + back[k]);
                default -> Math.max(in[k] + back[k], 0);
            };
        }

        private static double sigmoid(double x) {
            return 1 / (1 + Math.exp(-x));
        }
    }
}
