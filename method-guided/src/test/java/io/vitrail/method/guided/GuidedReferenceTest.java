package io.vitrail.method.guided;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.Target;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.TorchReference;
import io.vitrail.testkit.Trial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hold the methods to torch's and Captum's results on the same files. */
class GuidedReferenceTest {
    private static final Map<String, AttributionMethod> METHODS = new LinkedHashMap<>();

    static {
        METHODS.put("grad", new Gradient());
        METHODS.put("guided", new GuidedBackprop());
        METHODS.put("deconvnet", new Deconvnet());
    }

    static List<TorchReference> references() {
        return TorchReference.bothForms();
    }

    @ParameterizedTest
    @MethodSource("references")
    void equalsTheReference(TorchReference reference) {
        ReferenceArrays expected = reference.read();
        Target target = TorchReference.target(expected);
        try (Model model = reference.load();
                NDManager manager = model.newManager()) {
            NDList inputs = TorchReference.input(expected, manager);
            METHODS.forEach(
                    (key, method) ->
                            reference.checkBackward(
                                    key,
                                    Trial.of(method, target).run(model, inputs).values(),
                                    expected.get(key)));
        }
    }
}
