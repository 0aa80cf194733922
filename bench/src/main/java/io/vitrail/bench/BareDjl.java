package io.vitrail.bench;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Load a TorchScript file and classify one picture with nothing but DJL: what a cold {@code vitrail
 * explain} is measured by.
 *
 * <p>{@code BareDjl MODEL PICTURE SIZE CLASSES}.
 */
public final class BareDjl {
    private BareDjl() {}

    /** Classify the picture and print the best class. */
    public static void main(String[] arguments) throws Exception {
        int size = Integer.parseInt(arguments[2]);
        List<String> classes =
                IntStream.range(0, Integer.parseInt(arguments[3]))
                        .mapToObj(String::valueOf)
                        .toList();
        ImageClassificationTranslator translator =
                ImageClassificationTranslator.builder()
                        .setImageSize(size, size)
                        .addTransform(new Resize(size, size))
                        .addTransform(new ToTensor())
                        .optSynset(classes)
                        .optApplySoftmax(true)
                        .build();
        Criteria<Image, Classifications> criteria =
                Criteria.builder()
                        .setTypes(Image.class, Classifications.class)
                        .optModelPath(Path.of(arguments[0]))
                        .optEngine("PyTorch")
                        .optTranslator(translator)
                        .build();
        Image picture = ImageFactory.getInstance().fromFile(Path.of(arguments[1]));
        try (ZooModel<Image, Classifications> model = criteria.loadModel();
                Predictor<Image, Classifications> predictor = model.newPredictor()) {
            System.out.println(predictor.predict(picture).<Classifications.Classification>best());
        }
    }
}
