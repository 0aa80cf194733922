package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Check what every form of targets owes its callers.
 *
 * <p>Extend it with the form, spellings that fit and spellings that do not; an engine on the test's
 * path runs {@link TinyNetworks#softmax()}, whose three classes are called {@code ant}, {@code bee}
 * and {@code cat}. The form must say how it is typed, take no built-in's place, refuse what it does
 * not understand, read what a prefix names, give one score an item that depends on that item alone
 * and can be differentiated, and leave what it reads as it was.
 */
public abstract class TargetContract {
    private static final float[] ITEMS = {1, 3, 4, 2, 0.5f, 0.25f};

    /** Create the contract; for subclasses. */
    protected TargetContract() {}

    /** Return the form to check. */
    protected abstract TargetForm form();

    /** Return spellings that fit, such as {@code margin:0,1}; without a prefix. */
    protected abstract List<String> spellings();

    /** Return spellings that begin with the head and are to be refused. */
    protected abstract List<String> refused();

    /** Return the engine to run it on; by default the first on the test's path. */
    protected Engine engine() {
        return TestModels.engine();
    }

    private Model load() {
        return engine().load(TinyNetworks.softmax(), Engine.Settings.defaults());
    }

    private TargetTrial trial() {
        return TargetTrial.of(form()).labelled("ant", "bee", "cat");
    }

    private static NDList items(NDManager manager) {
        return new NDList(manager.create(ITEMS, new Shape(3, 2)));
    }

    @Test
    void saysHowItIsTyped() {
        assertThat(form().head()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(form().form()).matches(form().head() + "(:\\S.*)?");
        assertThat(form().sentence()).matches("(?s)[A-Z].*\\.");
        assertThat(spellings()).isNotEmpty().allMatch(text -> text.startsWith(form().head()));
    }

    @Test
    void takesNoBuiltInsPlace() {
        assertThat(TargetForm.BUILT_IN).doesNotContain(form().head());
    }

    @Test
    void isProvidedAsAService() {
        Provision.assertProvided(TargetForm.class, form());
    }

    @Test
    void isListedForTheClassPathToo() throws IOException {
        Provision.assertListed(TargetForm.class, form());
    }

    @Test
    void whatItDoesNotUnderstandIsRefused() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            Layers layers = model.layers(items(manager));
            for (String text : refused()) {
                assertThatThrownBy(() -> trial().bind(text, layers))
                        .as(text)
                        .satisfiesAnyOf(
                                e ->
                                        assertThat(e)
                                                .isInstanceOf(IllegalArgumentException.class)
                                                .hasMessageMatching("(?s).+"),
                                e ->
                                        assertThat(e)
                                                .isInstanceOfSatisfying(
                                                        VitrailException.class,
                                                        said ->
                                                                assertThat(said.kind())
                                                                        .isEqualTo(
                                                                                VitrailException
                                                                                        .Kind
                                                                                        .USAGE)));
            }
        }
    }

    @Test
    void everyItemHasAScore() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            for (String text : spellings()) {
                Target target = trial().bind(text, model.layers(items));
                try (Pass pass = model.run(Probe.outputsOnly().reading(target), items)) {
                    assertThat(pass.score(target).getShape()).as(text).isEqualTo(new Shape(3));
                    assertThat(pass.classes(target).length).as(text).isIn(0, 3);
                }
            }
        }
    }

    @Test
    void anItemInABatchScoresWhatItScoresAlone() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            for (String text : spellings()) {
                double[] together = trial().scores(text, model, items);
                for (int n = 0; n < 3; n++) {
                    NDArray alone = items.head().get(new NDIndex(n + ":" + (n + 1)));
                    assertThat(trial().scores(text, model, new NDList(alone)))
                            .as("%s, item %d", text, n)
                            .containsExactly(new double[] {together[n]}, within(1e-6));
                }
            }
        }
    }

    @Test
    void itsGradientIsThatOfItsScore() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            for (String text : spellings()) {
                Target target = trial().bind(text, model.layers(items));
                // a float's step of 0.01; curvature as strong as a softmax's leaves 1e-3
                FiniteDifferences.check(model, items, target, 2e-3);
            }
        }
    }

    @Test
    void aPrefixSaysWhatItReads() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            for (String text : spellings()) {
                Target target = trial().bind("at:logits/" + text, model.layers(items));
                assertThat(target.sources())
                        .as("sources of at:logits/%s", text)
                        .noneMatch(source -> source instanceof Source.Output);
            }
        }
    }

    @Test
    void leavesWhatItReadsAsItWas() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            for (String text : spellings()) {
                Target target = trial().bind(text, model.layers(items));
                Target first = trial().bind(text, model.layers(items));
                try (Pass pass = model.run(Probe.outputsOnly().reading(target), items)) {
                    float[] outputs = pass.outputs().head().toFloatArray();
                    float[] scores = pass.score(first).toFloatArray();
                    assertThat(pass.score(target).toFloatArray())
                            .as("%s, asked again", text)
                            .isEqualTo(scores);
                    assertThat(pass.outputs().head().toFloatArray()).as(text).isEqualTo(outputs);
                }
            }
        }
    }

    @Test
    void nothingNativeStaysOpen() {
        try (Model model = load();
                NDManager manager = model.newManager()) {
            NDList items = items(manager);
            int before = manager.getManagedArrays().size();
            for (String text : spellings()) {
                trial().scores(text, model, items);
            }
            assertThat(manager.getManagedArrays()).as("arrays beside the inputs").hasSize(before);
        }
    }

    @Test
    void twoThreadsAgree() throws Exception {
        try (Model model = load()) {
            String text = spellings().get(0);
            Callable<double[]> run =
                    () -> {
                        double[] last = {};
                        for (int i = 0; i < 20; i++) {
                            try (NDManager manager = model.newManager()) {
                                last = trial().scores(text, model, items(manager));
                            }
                        }
                        return last;
                    };
            double[] alone = run.call();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                for (Future<double[]> each : threads.invokeAll(List.of(run, run))) {
                    assertThat(each.get()).containsExactly(alone);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
