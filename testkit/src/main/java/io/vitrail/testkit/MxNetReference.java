package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A symbol file and what MXNet itself computes for it, bound and differentiated by its own
 * autograd.
 *
 * @param model the file's name, below {@code data/models/mxnet}, without its ending
 * @param picture the name of the arrays, below {@code data/references/mxnet/MODEL}
 * @param tolerance the largest difference of what no rectifier's slope decides, in units of the
 *     largest value
 * @param flips the largest difference of gradients by the Euclidean norm, in units of the
 *     reference's: another order of addition, of another processor or of MKL-DNN, opens or closes
 *     single rectifiers within rounding of 0; a wrong rule gives 0.3 and more
 */
public record MxNetReference(String model, String picture, double tolerance, double flips) {

    /** Return the references that the engine is held to. */
    public static List<MxNetReference> all() {
        return Stream.of(
                        strict("resnet18_v1", "giraffe", "horses"),
                        Stream.of(
                                new MxNetReference("resnet50_v2_half", "dog", 1e-4, 5e-2),
                                new MxNetReference("resnet50_v2_half", "giraffe", 1e-4, 5e-2),
                                new MxNetReference("mobilenet_v2_1.0", "person", 1e-4, 5e-2),
                                new MxNetReference("densenet121_growth16", "person", 1e-5, 5e-2)),
                        strict("squeezenet1.1", "coffee"),
                        strict("vgg11_half", "horses"),
                        strict("cifar10_resnet20", "dog", "eagle", "horses", "rand"),
                        strict("detector_leaky", "dog", "rand"),
                        strict("lenet_softmaxoutput", "rocket", "coffee", "rand"),
                        strict("annotated", "person"),
                        strict("annotated_v011", "person"),
                        strict("legacy_v08", "chelsea"),
                        strict("tiny", "rand"),
                        strict("tiny_npshape", "rand"),
                        strict("m1", "known"),
                        strict("m2", "known"))
                .flatMap(each -> each)
                .toList();
    }

    private static Stream<MxNetReference> strict(String model, String... pictures) {
        return Stream.of(pictures).map(picture -> new MxNetReference(model, picture, 1e-5, 1e-2));
    }

    /** Return the symbol file; its parameters lie beside it. */
    public Path file() {
        Path symbol = SharedData.model("mxnet/" + model + "-symbol.json");
        Path parameters = SharedData.model("mxnet/" + model + "-0000.params");
        return SharedData.beside(symbol, parameters);
    }

    /** Read the results. */
    public ReferenceArrays read() {
        return SharedData.reference("mxnet/" + model + "/" + picture + ".npz");
    }

    /** Load the model. */
    public Model load() {
        return TestModels.load(file());
    }

    /** Return the input that the results are for. */
    public static NDList input(ReferenceArrays results, NDManager manager) {
        Values input = results.get("input");
        return new NDList(manager.create(input.toFloats(), new Shape(input.shape())));
    }

    /**
     * Check what no slope decides: what is computed forwards, and deconvnet's gradients, which pass
     * rectifiers whatever their input was.
     */
    public void checkClosely(String what, Values actual, Values expected) {
        assertThat(Difference.max(actual, expected))
                .as("%s of %s", what, this)
                .isLessThan(tolerance);
    }

    /** Check gradients that slopes decide. */
    public void checkGradient(String what, Values actual, Values expected) {
        assertThat(Difference.l2(actual, expected)).as("%s of %s", what, this).isLessThan(flips);
    }

    @Override
    public String toString() {
        return model + " on " + picture;
    }
}
