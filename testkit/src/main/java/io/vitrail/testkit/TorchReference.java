package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A TorchScript file and what torch, Captum and pytorch-grad-cam compute for it.
 *
 * @param model the file, below {@code data/models/torchscript}
 * @param results the arrays, below {@code data/references/torch}
 * @param exact whether the engine is to run each operator as the file has it
 */
public record TorchReference(String model, String results, boolean exact) {
    private TorchReference(String model, String results) {
        this(model, results, false);
    }

    /** Return the references that methods are held to, each for both forms of the engine. */
    public static List<TorchReference> bothForms() {
        return Stream.of(false, true)
                .flatMap(
                        exact ->
                                all().stream()
                                        .map(
                                                each ->
                                                        new TorchReference(
                                                                each.model, each.results, exact)))
                .toList();
    }

    /** Return the references that methods are held to. */
    public static List<TorchReference> all() {
        Stream<TorchReference> resnet20 =
                Stream.of("traced", "scripted", "frozen")
                        .flatMap(
                                form ->
                                        Stream.of("chelsea", "dog", "eagle", "horses")
                                                .map(
                                                        picture ->
                                                                new TorchReference(
                                                                        "resnet20_cifar10_"
                                                                                + form
                                                                                + ".pt",
                                                                        "resnet20_cifar10/"
                                                                                + picture
                                                                                + ".npz")));
        Stream<TorchReference> large =
                Stream.of(
                        new TorchReference("resnet18_scripted.pt", "resnet18/chelsea112.npz"),
                        new TorchReference("resnet50_traced.pt", "resnet50/chelsea112.npz"),
                        new TorchReference(
                                "mobilenet_v2_scripted.pt", "mobilenet_v2/chelsea112.npz"),
                        new TorchReference(
                                "efficientnet_lite0_traced.pt", "efficientnet_lite0/chelsea.npz"),
                        new TorchReference(
                                "efficientnet_lite0_traced.pt", "efficientnet_lite0/dog.npz"));
        Stream<TorchReference> odd =
                Stream.of("known_m1", "reused_relu", "inplace_relu")
                        .flatMap(
                                name ->
                                        Stream.of("traced", "scripted", "frozen")
                                                .map(
                                                        form ->
                                                                new TorchReference(
                                                                        "odd/" + name + "_" + form
                                                                                + ".pt",
                                                                        "odd/"
                                                                                + name
                                                                                + "/rand.npz")));
        Stream<TorchReference> shared =
                Stream.of("traced", "scripted")
                        .map(
                                form ->
                                        new TorchReference(
                                                "odd/shared_input_" + form + ".pt",
                                                "odd/shared_input/rand.npz"));
        return Stream.of(resnet20, large, odd, shared).flatMap(each -> each).toList();
    }

    /** Return those whose layers have names: a frozen file has none left. */
    public static List<TorchReference> named() {
        return all().stream().filter(TorchReference::isNamed).toList();
    }

    /** Return whether the file has names for its layers. */
    public boolean isNamed() {
        return !model.endsWith("_frozen.pt");
    }

    /** Load the model. */
    public Model load() {
        Engine.Settings usual = Engine.Settings.defaults();
        Map<String, String> options = exact ? Map.of("exact", "true") : Map.of();
        return TestModels.load(
                SharedData.model("torchscript/" + model),
                new Engine.Settings(usual.device(), usual.threads(), options));
    }

    /** Read the results. */
    public ReferenceArrays read() {
        return SharedData.reference("torch/" + results);
    }

    /** Return the input that the results are for. */
    public static NDList input(ReferenceArrays results, NDManager manager) {
        Values input = results.get("input");
        return new NDList(manager.create(input.toFloats(), new Shape(input.shape())));
    }

    /** Return the target that the results are for: the logit of one class an item. */
    public static Target target(ReferenceArrays results) {
        return Targets.classIndex(
                Arrays.stream(results.get("target").toDoubles())
                        .mapToLong(d -> (long) d)
                        .toArray());
    }

    /**
     * Check what is computed forwards: within 2e-5 of the largest value, four times the rounding of
     * the worst reference.
     */
    public void checkForward(String what, Values actual, Values expected) {
        assertThat(Difference.max(actual, expected)).as("%s of %s", what, this).isLessThan(2e-5);
    }

    /**
     * Check what is computed backwards.
     *
     * <p>Small networks within 2e-5 of the largest value. In deep ones a ReLU whose input is within
     * rounding of 0 may open or close, so they are held to the Euclidean norm: to 5e-3 in the exact
     * form, for the references themselves are 4e-3 off what float64 gives, and to 2e-2 in the
     * rewritten one, whose sums come in other orders. A wrong rule gives 0.3 and more.
     */
    public void checkBackward(String what, Values actual, Values expected) {
        if (model.startsWith("odd/")) {
            checkForward(what, actual, expected);
        } else {
            assertThat(Difference.l2(actual, expected))
                    .as("%s of %s", what, this)
                    .isLessThan(exact ? 5e-3 : 2e-2);
        }
    }

    @Override
    public String toString() {
        return model + " on " + results + (exact ? ", exact" : "");
    }
}
