package io.vitrail.demo.training;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import io.vitrail.engine.djl.TorchScriptWriter.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's network: a residual CNN from (N, 3, 96, 96) to one logit a shape.
 *
 * <p>The last maps are 12 x 12 and their mean goes into one linear layer, so that they still say
 * where a shape is; three stages of 16, 32 and 64 channels hold about 200,000 weights.
 */
final class ShapeNet {
    private final Unit conv1 = Unit.convolution(3, 2, 16);
    private final Unit bn1 = Unit.norm();
    private final Map<String, List<Residual>> stages = new LinkedHashMap<>();
    private final Unit fc;
    private final Block features;
    private final Block block;

    ShapeNet(int classes) {
        stages.put("layer1", List.of(Residual.same(16)));
        stages.put("layer2", List.of(Residual.halving(32), Residual.same(32)));
        stages.put("layer3", List.of(Residual.halving(64), Residual.same(64)));
        fc = Unit.linear(classes);
        SequentialBlock maps =
                new SequentialBlock()
                        .add(conv1.block())
                        .add(bn1.block())
                        .add(Activation.reluBlock());
        stages.values().forEach(stage -> stage.forEach(residual -> maps.add(residual.block())));
        features = maps;
        block =
                new SequentialBlock()
                        .add(maps)
                        .add(
                                x ->
                                        new NDList(
                                                x.singletonOrThrow()
                                                        .mean(new int[] {3})
                                                        .mean(new int[] {2})))
                        .add(fc.block());
    }

    /** Return the whole network. */
    Block block() {
        return block;
    }

    /** Return its part up to the last maps, (N, 64, 12, 12). */
    Block features() {
        return features;
    }

    /** Return what the linear layer makes of the maps' means: (classes, 64), row by row. */
    float[] weights() {
        return fc.block().getParameters().get("weight").getArray().toFloatArray();
    }

    /** Return it as TorchScript runs it, with the weights of now. */
    Module module() {
        Map<String, Module> children = new LinkedHashMap<>();
        children.put("conv1", conv1.module().get());
        children.put("bn1", bn1.module().get());
        children.put("relu", relu());
        stages.forEach(
                (name, stage) ->
                        children.put(
                                name, sequential(stage.stream().map(Residual::module).toList())));
        children.put(
                "avgpool",
                Unit.module(
                        "AdaptiveAvgPool2d",
                        Map.of(),
                        Map.of(),
                        "torch.adaptive_avg_pool2d(x, [1, 1])"));
        children.put("fc", fc.module().get());
        return new Module(
                "ShapeNet",
                Map.of(),
                Map.of(),
                children,
                Unit.forward(
                        "y = (self.relu).forward((self.bn1).forward((self.conv1).forward(x, ), ), )",
                        "y0 = (self.layer1).forward(y, )",
                        "y1 = (self.layer2).forward(y0, )",
                        "y2 = (self.layer3).forward(y1, )",
                        "y3 = torch.flatten((self.avgpool).forward(y2, ), 1, -1)",
                        "return (self.fc).forward(y3, )"));
    }

    static Module relu() {
        return Unit.module("ReLU", Map.of(), Map.of(), "torch.relu(x)");
    }

    /** Make a module that runs others one after the other, by their numbers. */
    static Module sequential(List<Module> modules) {
        Map<String, Module> children = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            children.put(String.valueOf(i), modules.get(i));
            String input = i == 0 ? "x" : "x" + i;
            lines.add(
                    String.format("x%d = (getattr(self, \"%d\")).forward(%s, )", i + 1, i, input));
        }
        lines.add("return x" + modules.size());
        return new Module(
                "Sequential",
                Map.of(),
                Map.of(),
                children,
                Unit.forward(lines.toArray(String[]::new)));
    }
}
