package io.vitrail.demo.training;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import io.vitrail.engine.djl.TorchScriptWriter.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The basic block of a residual network (He et al. 2015), spelled as torchvision spells it.
 *
 * @param units {@code conv1}, {@code bn1}, {@code conv2} and {@code bn2}
 * @param downsample a convolution and a batch norm on the shortcut; empty where it is the input
 */
record Residual(Map<String, Unit> units, List<Unit> downsample) {

    /** Create a block whose shortcut is the input, which has as many channels. */
    static Residual same(int channels) {
        return new Residual(units(1, channels), List.of());
    }

    /** Create a block that halves height and width. */
    static Residual halving(int channels) {
        return new Residual(
                units(2, channels), List.of(Unit.convolution(1, 2, channels), Unit.norm()));
    }

    private static Map<String, Unit> units(int stride, int channels) {
        Map<String, Unit> units = new LinkedHashMap<>();
        units.put("conv1", Unit.convolution(3, stride, channels));
        units.put("bn1", Unit.norm());
        units.put("conv2", Unit.convolution(3, 1, channels));
        units.put("bn2", Unit.norm());
        return units;
    }

    /** Return it as DJL trains it. */
    Block block() {
        SequentialBlock main =
                new SequentialBlock()
                        .add(units.get("conv1").block())
                        .add(units.get("bn1").block())
                        .add(Activation.reluBlock())
                        .add(units.get("conv2").block())
                        .add(units.get("bn2").block());
        SequentialBlock shortcut = new SequentialBlock();
        if (downsample.isEmpty()) {
            shortcut.add(Blocks.identityBlock());
        }
        downsample.forEach(unit -> shortcut.add(unit.block()));
        return new ParallelBlock(
                ways ->
                        new NDList(
                                Activation.relu(
                                        ways.get(0)
                                                .singletonOrThrow()
                                                .add(ways.get(1).singletonOrThrow()))),
                List.of(main, shortcut));
    }

    /** Return it as TorchScript runs it, with the weights of now. */
    Module module() {
        Map<String, Module> children = new LinkedHashMap<>();
        units.forEach((name, unit) -> children.put(name, unit.module().get()));
        children.put("relu", ShapeNet.relu());
        String shortcut = "x";
        if (!downsample.isEmpty()) {
            children.put(
                    "downsample",
                    ShapeNet.sequential(
                            downsample.stream().map(unit -> unit.module().get()).toList()));
            shortcut = "(self.downsample).forward(x, )";
        }
        return new Module(
                "BasicBlock",
                Map.of(),
                Map.of(),
                children,
                Unit.forward(
                        "relu = self.relu",
                        "y = (relu).forward((self.bn1).forward((self.conv1).forward(x, ), ), )",
                        "z = (self.bn2).forward((self.conv2).forward(y, ), )",
                        "return (relu).forward(torch.add(z, " + shortcut + ", alpha=1), )"));
    }
}
