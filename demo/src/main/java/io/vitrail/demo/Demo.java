package io.vitrail.demo;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hand out the embedded network and picture.
 *
 * <p>The network is a small residual CNN that says which shapes a scene shows: one logit a class,
 * positive where the shape is there. It was trained by {@code demo-training} on scenes of {@link
 * Scenes} and is an ordinary TorchScript archive.
 */
public final class Demo {
    /** How the network wants its pictures, in the spelling of {@code --preprocess}. */
    public static final String PREPROCESS = "unit";

    /** The layer whose maps are finest among those that know the classes. */
    public static final String LAYER = "layer3";

    private static final String MODEL = "shapes.pt";
    private static final long SCENE = 225;

    private Demo() {}

    /** Return the names of the classes, in the order of the network's outputs. */
    public static List<String> labels() {
        return Arrays.stream(Figure.values())
                .map(figure -> figure.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Open the TorchScript archive of the network; the caller closes it. */
    public static InputStream model() {
        return Objects.requireNonNull(
                Demo.class.getResourceAsStream(MODEL), "this jar was built without " + MODEL);
    }

    /** Draw the embedded picture. */
    public static Scene scene() {
        return Scenes.scene(SCENE);
    }

    /**
     * Draw scenes that the network was not trained on, one by one as they are asked for.
     *
     * @param count at most {@link Scenes#FIRST_TRAINING_SEED}
     */
    public static Stream<Scene> heldOut(int count) {
        if (count < 0 || count > Scenes.FIRST_TRAINING_SEED) {
            throw new IllegalArgumentException(
                    count + " scenes: 0 to " + Scenes.FIRST_TRAINING_SEED + " are held out");
        }
        return IntStream.range(0, count).mapToObj(Scenes::scene);
    }
}
