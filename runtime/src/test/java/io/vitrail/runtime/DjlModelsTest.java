package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
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
import ai.djl.translate.Translator;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application holds as DJL objects, through the front door. */
class DjlModelsTest {
    private static final List<String> CLASSES = List.of("dark", "bright", "other");

    private Vitrail vitrail;

    @BeforeEach
    void open() {
        vitrail = Vitrail.open();
    }

    @AfterEach
    void close() {
        vitrail.close();
    }

    private static Block network() {
        return new SequentialBlock()
                .add(
                        Conv2d.builder()
                                .setFilters(4)
                                .setKernelShape(new Shape(3, 3))
                                .optPadding(new Shape(1, 1))
                                .build())
                .add(Activation.reluBlock())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(3).build());
    }

    private static ZooModel<Image, Classifications> zooModel() {
        ai.djl.Model model = ai.djl.Model.newInstance("tiny", "PyTorch");
        Block block = network();
        Engine.getEngine("PyTorch").setRandomSeed(3);
        block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, 8, 8));
        model.setBlock(block);
        Translator<Image, Classifications> translator =
                ImageClassificationTranslator.builder()
                        .setImageSize(8, 8)
                        .addTransform(new Resize(8, 8))
                        .addTransform(new ToTensor())
                        .optSynset(CLASSES)
                        .optApplySoftmax(true)
                        .build();
        return new ZooModel<>(model, translator);
    }

    private static Image picture() {
        BufferedImage pixels = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            pixels.setRGB(i % 16, i / 16, 0x010203 * (i % 80));
        }
        return new BufferedImageFactory().fromImage(pixels);
    }

    @Test
    void aZooModelsTranslatorMakesTheInputAndNamesTheClasses() throws Exception {
        try (ZooModel<Image, Classifications> zoo = zooModel();
                var predictor = zoo.newPredictor()) {
            Classifications own = predictor.predict(picture());

            Explained explained =
                    vitrail.explain(zoo, picture())
                            .with("gradient")
                            .target("label:bright")
                            .runAll();

            Ranked best = explained.top(0, 1).get(0);
            assertThat(best.label()).isEqualTo(own.best().getClassName());
            assertThat(best.probability()).isCloseTo(own.best().getProbability(), within(1e-6));
            assertThat(explained.attributions().get("gradient").values().shape())
                    .containsExactly(1, 3, 8, 8);
        }
    }

    @Test
    void theZooModelMayBeClosedAndTheNetworkIsKept() {
        ZooModel<Image, Classifications> zoo = zooModel();
        Attribution before = vitrail.explain(zoo, picture()).with("gradient").run();

        zoo.getWrappedModel().close();

        assertThat(vitrail.explain(zoo, picture()).with("gradient").run()).isEqualTo(before);
    }

    @Test
    void anUnknownClassIsAnsweredWithTheTranslatorsNames() {
        try (ZooModel<Image, Classifications> zoo = zooModel()) {
            assertThatThrownBy(
                            () ->
                                    vitrail.explain(zoo, picture())
                                            .with("gradient")
                                            .target("label:brigth")
                                            .run())
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("bright");
        }
    }

    @Test
    void aBlockIsLoadedByItsShape() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Block block = network();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
            try (Model model = vitrail.load(block, new Shape(1, 3, 8, 8))) {
                NDArray ones = manager.ones(new Shape(2, 3, 8, 8));
                Values heat = vitrail.explain(model, new NDList(ones)).run().values();

                assertThat(model.name()).isEqualTo("SequentialBlock");
                assertThat(model.format()).isEqualTo("djl-block");
                assertThat(model.inputs().get(0).type().shape()).isEqualTo(new Shape(-1, 3, 8, 8));
                assertThat(heat.shape()).containsExactly(2, 8, 8);
            }
        }
    }
}
