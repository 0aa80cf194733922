package io.vitrail.cli.docs;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.ZooModel;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.runtime.Vitrail;

/** The snippets of docs/djl-blocks.md. */
final class HeldModels {
    private HeldModels() {}

    static Attribution zoo(Vitrail vitrail, ZooModel<Image, Classifications> zoo, Image picture) {
        return vitrail.explain(zoo, picture).with("grad-cam").target("label:square").run();
    }

    static Values block(Vitrail vitrail, NDManager manager) {
        Block block =
                new SequentialBlock()
                        .add(Conv2d.builder().setFilters(8).setKernelShape(new Shape(3, 3)).build())
                        .add(Activation.reluBlock())
                        .addSingleton(x -> x.maximum(0.1).sub(x.mean(new int[] {1}, true)))
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(10).build());
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
        try (Model model = vitrail.load(block, new Shape(1, 3, 16, 16))) {
            NDArray batch = manager.ones(new Shape(4, 3, 16, 16));
            return vitrail.explain(model, new NDList(batch))
                    .with("guided-backprop")
                    .target("class:3")
                    .run()
                    .values();
        }
    }
}
