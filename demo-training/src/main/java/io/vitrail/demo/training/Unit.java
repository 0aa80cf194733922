package io.vitrail.demo.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.vitrail.engine.djl.TorchScriptWriter.Module;
import io.vitrail.engine.djl.TorchScriptWriter.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A layer with weights, as DJL trains it and as TorchScript runs it.
 *
 * @param block what is trained
 * @param module makes the TorchScript module of the weights that the block has now
 */
record Unit(Block block, Supplier<Module> module) {
    private static final float EPSILON = 1e-5f;

    /** Create a convolution without bias, padded so that a stride of 1 keeps the size. */
    static Unit convolution(int kernel, int stride, int channels) {
        int padding = kernel / 2;
        Block block =
                Conv2d.builder()
                        .setKernelShape(new Shape(kernel, kernel))
                        .optStride(new Shape(stride, stride))
                        .optPadding(new Shape(padding, padding))
                        .setFilters(channels)
                        .optBias(false)
                        .build();
        String call =
                String.format(
                        "torch.conv2d(x, self.weight, None, [%1$d, %1$d], [%2$d, %2$d], [1, 1], 1)",
                        stride, padding);
        return new Unit(
                block,
                () -> module("Conv2d", parameters(block, "weight", "weight"), Map.of(), call));
    }

    /** Create a batch norm. */
    static Unit norm() {
        Block block = BatchNorm.builder().optEpsilon(EPSILON).optMomentum(0.9f).build();
        String call =
                "torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var,"
                        + " False, 0.1, 1.0000000000000001e-05, True)";
        return new Unit(
                block,
                () ->
                        module(
                                "BatchNorm2d",
                                parameters(block, "gamma", "weight", "beta", "bias"),
                                parameters(
                                        block,
                                        "runningMean",
                                        "running_mean",
                                        "runningVar",
                                        "running_var"),
                                call));
    }

    /** Create a linear layer with bias. */
    static Unit linear(int outputs) {
        Block block = Linear.builder().setUnits(outputs).build();
        String call = "torch.linear(x, self.weight, self.bias)";
        return new Unit(
                block,
                () ->
                        module(
                                "Linear",
                                parameters(block, "weight", "weight", "bias", "bias"),
                                Map.of(),
                                call));
    }

    /** Make a TorchScript module whose forward method is one call. */
    static Module module(
            String type, Map<String, Tensor> parameters, Map<String, Tensor> buffers, String call) {
        return new Module(type, parameters, buffers, Map.of(), forward("return " + call));
    }

    /** Make the text of a forward method of one tensor, {@code x}. */
    static String forward(String... lines) {
        return "def forward(self: SELF, x: Tensor) -> Tensor:\n  " + String.join("\n  ", lines);
    }

    private static Map<String, Tensor> parameters(Block block, String... names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i += 2) {
            NDArray array = block.getParameters().get(names[i]).getArray();
            tensors.put(
                    names[i + 1], new Tensor(array.toFloatArray(), array.getShape().getShape()));
        }
        return tensors;
    }
}
