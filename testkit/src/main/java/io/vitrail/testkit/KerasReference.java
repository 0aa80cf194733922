package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layers;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A Keras file and what Keras computes for it; {@code README.keras.md} describes both.
 *
 * @param model the file, below {@code data/models/keras}
 * @param results the arrays, below {@code data/references/keras}
 * @param input the arrays that hold the input, the same where they hold it themselves
 */
public record KerasReference(String model, String results, String input) {
    /** Deep networks, where one kink within rounding of 0 moves a whole path. */
    private static final Set<String> DEEP =
            Set.of(
                    "tiny_darknet",
                    "seed_cnn",
                    "vgg19_notop",
                    "vgg19_quarter_top",
                    "resnet50",
                    "mobilenet_v2_035",
                    "yolov3_quarter");

    /** Return the references whose layers are read, those of detectors excepted. */
    public static List<KerasReference> classifiers() {
        List<KerasReference> all = new ArrayList<>();
        add(all, "cifar10_resnet8/", List.of("chelsea", "eagle", "horses"), ".h5");
        add(all, "vww_96/", List.of("astronaut", "person"), ".h5");
        add(all, "fer2013_mini_xception/", List.of("astronaut_face", "chelsea"), ".h5");
        add(all, "tiny_darknet/", List.of("chelsea", "dog", "eagle"), ".h5", ".keras");
        add(all, "seed_cnn/", List.of("dog", "rocket"), ".h5");
        add(all, "vgg19_notop/", List.of("coffee"), ".h5");
        add(all, "vgg19_quarter_top/", List.of("batch", "coffee", "dog", "eagle", "horses"), ".h5");
        add(all, "resnet50/", List.of("dog"), ".keras");
        add(all, "mobilenet_v2_035/", List.of("chelsea"), ".keras");
        add(all, "inception_small/", List.of("astronaut", "giraffe"), ".keras", ".h5", "_k2.h5");
        String[] nested = {
            ".keras",
            ".h5",
            "_k2.keras",
            "_k2.h5",
            "_keras33.keras",
            "_keras33.h5",
            "_frozen.h5",
            "_frozen_k2.h5",
            "_k2_gzip.h5",
            "_k2_latest.h5",
            "_k2_latest_gzip.h5",
            "_deflated.keras"
        };
        add(all, "nested/", List.of("dog"), nested);
        add(all, "shared_layer/", List.of("eagle"), ".keras", ".h5", "_dict.keras");
        for (String zoo :
                List.of(
                        "conv",
                        "pool",
                        "act",
                        "merge",
                        "1d",
                        "3d",
                        "preprocess",
                        "attention",
                        "rnn",
                        "embedding",
                        "channels_first")) {
            List<String> input = List.of(zoo.equals("embedding") ? "tokens" : "rand");
            add(all, "layer_zoo_" + zoo + "/", input, ".keras", ".h5");
            add(all, "layer_zoo_" + zoo + "_k2/", input, ".h5");
        }
        return all;
    }

    private static void add(
            List<KerasReference> all, String folder, List<String> pictures, String... endings) {
        for (String ending : endings) {
            String model = folder.substring(0, folder.length() - 1) + ending;
            for (String picture : pictures) {
                String results = folder + picture + ".npz";
                all.add(new KerasReference(model, results, results));
            }
        }
    }

    /** Return the references that hold the output alone. */
    public static List<KerasReference> outputsOnly() {
        return List.of(
                of("long_names.h5", "long_names/keras.npz"),
                of("long_names_k2.h5", "long_names/tf_keras.npz"));
    }

    /** Return the detector, whose arrays are in several files, with one of them. */
    public static KerasReference detector(String results) {
        return new KerasReference(
                "yolov3_quarter.h5",
                "yolov3_quarter/" + results + ".npz",
                "yolov3_quarter/dog.npz");
    }

    private static KerasReference of(String model, String results) {
        return new KerasReference(model, results, results);
    }

    /** Read the results. */
    public ReferenceArrays read() {
        return SharedData.reference("keras/" + results);
    }

    /** Return the input that the results are for. */
    public NDList input(NDManager manager) {
        ReferenceArrays arrays = SharedData.reference("keras/" + input);
        if (arrays.has("input")) {
            Values values = arrays.get("input");
            return new NDList(manager.create(values.toFloats(), new Shape(values.shape())));
        }
        NDList tokens = new NDList();
        for (int i = 0; arrays.has("input_" + i); i++) {
            Values values = arrays.get("input_" + i);
            int[] numbers = Arrays.stream(values.toDoubles()).mapToInt(d -> (int) d).toArray();
            tokens.add(manager.create(numbers, new Shape(values.shape())));
        }
        return tokens;
    }

    /**
     * Return the target that the results are for: the logit of one class an item.
     *
     * @param probability whether the score is what comes out behind a softmax
     */
    public Target target(ReferenceArrays results, Layers layers, boolean probability) {
        long[] classes =
                Arrays.stream(results.get("target").toDoubles()).mapToLong(d -> (long) d).toArray();
        if (model.startsWith("vgg19_notop")) {
            return Targets.channelMean(layers.get("block5_pool"), (int) classes[0]);
        }
        if (model.startsWith("shared_layer")) {
            return Targets.classIndex(new Source.Output(0), classes[0]);
        }
        Source logits =
                layers.finalActivation(0)
                        .filter(layer -> !probability)
                        .<Source>map(layer -> new Source.At(layer.inputs().get(0)))
                        .orElse(new Source.Output(0));
        return Targets.classIndex(logits, classes);
    }

    /** Check what is computed forwards: within 1e-4 of the largest value, as the README says. */
    public void checkForward(String what, Values actual, Values expected) {
        assertThat(Difference.max(actual, expected)).as("%s of %s", what, this).isLessThan(1e-4);
    }

    /**
     * Check what is computed backwards.
     *
     * <p>Small networks within 1e-4 of the largest value, deep ones within 5e-2 by the Euclidean
     * norm; a wrong rule gives about 1.
     */
    public void checkBackward(String what, Values actual, Values expected) {
        if (DEEP.stream().anyMatch(model::startsWith)) {
            assertThat(Difference.l2(actual, expected)).as("%s of %s", what, this).isLessThan(5e-2);
        } else {
            checkForward(what, actual, expected);
        }
    }

    /** Return what a key with {@code _s4} or {@code _s2} keeps: {@code values[:, ::4, ::4]}. */
    public static Values strided(Values values, int step) {
        long[] from = values.shape();
        long[] to = from.clone();
        to[1] = (from[1] + step - 1) / step;
        to[2] = (from[2] + step - 1) / step;
        int tail = (int) (from.length > 3 ? from[3] : 1);
        double[] kept = new double[(int) (to[0] * to[1] * to[2]) * tail];
        int at = 0;
        for (int n = 0; n < from[0]; n++) {
            for (int y = 0; y < from[1]; y += step) {
                for (int x = 0; x < from[2]; x += step) {
                    long position = ((n * from[1] + y) * from[2] + x) * tail;
                    for (int c = 0; c < tail; c++) {
                        kept[at++] = values.get((int) position + c);
                    }
                }
            }
        }
        return Values.of(kept, Axes.NONE, to);
    }

    @Override
    public String toString() {
        return model + " on " + results;
    }
}
