package io.vitrail.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.cli.DocsExamples;
import io.vitrail.demo.Demo;
import io.vitrail.render.Npz;
import io.vitrail.render.ZarrStore;
import io.vitrail.runtime.Anchor;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Sidecar;
import io.vitrail.runtime.Vitrail;
import io.vitrail.testkit.PluginJar;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the pages stands in sources that are compiled, and what it says is so. */
class SnippetsTest {
    private static final Path DOCS = Path.of("../docs");
    private static final List<Path> SOURCES =
            List.of(
                    Path.of("src/test/java/io/vitrail/cli/docs"),
                    Path.of("../method-gradcam/src/test/java/io/vitrail/method/gradcam"),
                    Path.of("../format-keras/src/test/resources/mypackage"),
                    Path.of("../archetype/src/main/resources/archetype-resources/src/main/java"),
                    Path.of("../archetype/src/main/resources/archetype-resources/src/test/java"),
                    Path.of("../examples/smooth-grad/src/main/java/org/example/smoothgrad"),
                    Path.of("../examples/margin-target/src/main/java/org/example/margin"),
                    Path.of("../examples/margin-target/src/test/java/org/example/margin"),
                    Path.of("../examples/npz-format/src/main/java/org/example/npz"),
                    Path.of("../examples/npz-format/src/test/java/org/example/npz"),
                    Path.of("../spark/src/test/java/io/vitrail/spark"),
                    Path.of("../testkit-tests/src/test/java/io/vitrail/testkit/tests"));
    private static final Pattern JAVA =
            Pattern.compile("(?:<!-- snippet: (\\w+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);

    @TempDir private Path folder;
    private Path file;
    private Path picture;
    private Vitrail vitrail;
    private Model model;

    @BeforeEach
    void loadTheDemosNetwork() throws IOException {
        file = folder.resolve("shapes.pt");
        picture = folder.resolve("scene.png");
        try (InputStream bytes = Demo.model()) {
            Files.copy(bytes, file);
        }
        Sidecar.EMPTY
                .withPreprocess(Demo.PREPROCESS)
                .withLabels(Demo.labels())
                .withLayer(Demo.LAYER)
                .withShape(List.of(1L, 3L, 96L, 96L))
                .write(Sidecar.beside(file));
        ImageIO.write(Demo.scene().image(), "png", picture.toFile());
        vitrail =
                Vitrail.builder()
                        .fit(new SoftGradient())
                        .fit(new LayerProduct())
                        .fit(new SmoothGrad())
                        .open();
        model = vitrail.load(file);
    }

    @AfterEach
    void close() {
        model.close();
        vitrail.close();
    }

    @Test
    void everySnippetIsCompiled() throws IOException {
        int snippets = 0;
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(f -> f.toString().endsWith(".md")).toList()) {
                Matcher java = JAVA.matcher(Files.readString(page));
                while (java.find()) {
                    snippets++;
                    assertThat(java.group(1)).as("the source of %s", java.group(2)).isNotNull();
                    String snippet = unspaced(java.group(2));
                    assertThat(sources(java.group(1)))
                            .as("the sources of a snippet of %s", page)
                            .anySatisfy(source -> assertThat(unspaced(source)).contains(snippet));
                }
            }
        }
        assertThat(snippets).isGreaterThanOrEqualTo(10);
    }

    private static List<String> sources(String name) throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path folder : SOURCES) {
            Path file = folder.resolve(name + ".java");
            if (Files.exists(file)) {
                sources.add(Files.readString(file));
            }
        }
        assertThat(sources).as("%s.java in %s", name, SOURCES).isNotEmpty();
        return sources;
    }

    private static String unspaced(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void softGradientOfAVerySharpStepIsTheGradient() {
        Values sharp = atInput("soft-gradient", "beta", "1000");
        Values gradient = vitrail.explain(model, picture).with("gradient").run().values();

        double largest = 0;
        for (double each : gradient.toDoubles()) {
            largest = Math.max(largest, Math.abs(each));
        }
        // some pre-activations are within a thousandth of 0, where a sharp step is still soft
        assertThat(mean(gradient, sharp)).isLessThan(0.05 * largest);
        assertThat(mean(gradient, atInput("soft-gradient", "beta", "1")))
                .isGreaterThan(mean(gradient, sharp));
    }

    private Values atInput(String method, String option, String value) {
        return vitrail.explain(model, picture).with(method).option(option, value).run().values();
    }

    private static double mean(Values a, Values b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += Math.abs(a.get(i) - b.get(i));
        }
        return sum / a.size();
    }

    @Test
    void layerProductsAtTheHeadAddUpToTheScoreBarItsBias() {
        AttributionMethod method = new LayerProduct();
        try (Model m2 = TestModels.load(TinyNetworks.m2());
                NDManager manager = m2.newManager()) {
            NDList input = new NDList(manager.create(new float[] {0, 100, 0}, new Shape(1, 3)));

            Attribution found = Trial.of(method, Targets.classIndex(0)).at("relu").run(m2, input);

            // the weights behind the ReLU are ones: 90 + 101 + 101 + 101, and a bias of -1
            assertThat(found.values().toFloats()).containsExactly(90, 101, 101, 101);
        }
    }

    @Test
    void smoothGradOfAStraightNetworkIsItsGradient() {
        try (Model m2 = TestModels.load(TinyNetworks.m2());
                NDManager manager = m2.newManager()) {
            NDList input = new NDList(manager.create(new float[] {30, 40, 50}, new Shape(1, 3)));

            Attribution found =
                    Trial.of(new SmoothGrad(), Targets.classIndex(0))
                            .with("samples", "3")
                            .run(m2, input);

            // every ReLU is far open: each input reaches the score through four ones
            assertThat(found.values().toDoubles())
                    .containsExactly(new double[] {4, 4, 4}, within(1e-6));
        }
    }

    @Test
    void smoothGradRunsInTheFrontDoorToo() {
        Attribution few =
                vitrail.explain(model, picture).with("smooth-grad").option("samples", "2").run();
        Attribution again =
                vitrail.explain(model, picture).with("smooth-grad").option("samples", "2").run();

        assertThat(few.values().shape()).containsExactly(1, 3, 96, 96);
        assertThat(again).isEqualTo(few);
    }

    @Test
    void theQuestionsHaveTheAnswersOfTheirPages() throws Exception {
        Path examples = Files.createDirectory(folder.resolve("examples"));
        DocsExamples.copy(examples);
        Path spots = examples.resolve("spots.pt");
        Sidecar.EMPTY
                .withPreprocess("unit,letterbox,size=128")
                .withLabelsFile("spots.txt", List.of("red", "blue"))
                .withAnchorSizes(List.of(List.of(new Anchor(32, 32))))
                .write(Sidecar.beside(spots));
        try (Model detector = vitrail.load(spots)) {
            Path out = folder.resolve("box.png");
            assertThat(Questions.box(vitrail, detector, examples.resolve("spots.png"), out))
                    .startsWith("red Box[left=64.0, top=0.0, right=128.0");
            assertThat(out).isNotEmptyFile();
        }
        assertThat(Questions.oneClass(vitrail, model, picture).values().shape())
                .containsExactly(1, 3, 96, 96);
        Path photos = examples.resolve("photos");
        assertThat(Questions.folder(vitrail, model, photos))
                .isEqualTo(Collections.nCopies(4, "12x12"));
        Map<String, Integer> classes = new HashMap<>();
        Questions.count(vitrail, model, Collections.nCopies(6, picture), classes);
        assertThat(classes).hasSize(1).containsValue(6);
        Map<Object, Attribution> heat = new HashMap<>();
        Map<Object, String> reasons = new HashMap<>();
        Path none = examples.resolve("none.png");
        Questions.each(vitrail, model, List.of(picture, none), heat, reasons);
        assertThat(heat.keySet()).containsExactly(picture);
        assertThat(reasons.get(none)).startsWith(none + ": no such file");

        Questions.store(vitrail, model, List.of(picture, none), folder.resolve("heat.zarr"));
        try (ZarrStore store = ZarrStore.open(folder.resolve("heat.zarr"))) {
            assertThat(store.rows()).isEqualTo(1);
            assertThat(store.read("grad-cam", 0).orElseThrow().values().toFloats())
                    .isEqualTo(heat.get(picture).values().toFloats());
        }

        Path grid = folder.resolve("grid.png");
        List<Values> both = Questions.preActivations(vitrail, model, picture, grid);
        for (int i = 0; i < both.get(0).size(); i++) {
            assertThat(both.get(1).get(i)).isEqualTo(Math.max(both.get(0).get(i), 0));
        }
        assertThat(both.get(0).size()).isEqualTo(64 * 12 * 12);
    }

    @Test
    void whatAnApplicationHoldsIsExplained() throws Exception {
        try (ai.djl.Model held = ai.djl.Model.newInstance("shapes", "PyTorch");
                NDManager manager = held.getNDManager().newSubManager()) {
            held.load(folder, "shapes");
            Translator<Image, Classifications> translator =
                    ImageClassificationTranslator.builder()
                            .setImageSize(96, 96)
                            .addTransform(new Resize(96, 96))
                            .addTransform(new ToTensor())
                            .optSynset(Demo.labels())
                            .build();
            Image image = new BufferedImageFactory().fromFile(picture);
            ZooModel<Image, Classifications> zoo = new ZooModel<>(held, translator);

            assertThat(HeldModels.zoo(vitrail, zoo, image).values().shape()).hasSize(3);
            // what DJL's own run sees is what Vitrail takes for the predicted class
            assertThat(Applications.djl(vitrail, zoo, image).values())
                    .isEqualTo(vitrail.explain(zoo, image).with("grad-cam").run().values());
            assertThat(HeldModels.block(vitrail, manager).shape()).containsExactly(4, 3, 16, 16);
        }
    }

    @Test
    void applicationsOfOtherKindsSeeTheSame() {
        assertThat(Applications.guice(file, picture))
                .isEqualTo(vitrail.explain(model, picture).run());
        List<Attribution> several = Applications.several(file, picture);
        assertThat(several.get(0)) // of another seed
                .isNotEqualTo(vitrail.explain(model, picture).with("smooth-grad").run());
        assertThat(several.get(1))
                .isEqualTo(vitrail.explain(model, picture).with("gradient").run());
    }

    @Test
    void aMethodFromAJarIsThereForWhoNamesItsFolder() {
        Path plugins = folder.resolve("plugins");
        String type = "of.jar.Method";
        PluginJar.named("from-a-jar")
                .source(PluginJar.method(type, "from-a-jar", PluginJar.gradientTimes(2)))
                .service(AttributionMethod.class, type)
                .in(plugins);

        Values twice = Applications.plugins(plugins, file, picture).values();

        Values once = vitrail.explain(model, picture).with("gradient").run().values();
        assertThat(twice.get(100)).isEqualTo(2 * once.get(100)).isNotZero();
        assertThat(vitrail.plugins().list()).isEmpty();
    }

    @Test
    void embeddingIsAsThePageSays() throws Exception {
        assertThat(Embedding.open(file, picture).shape()).containsExactly(1, 12, 12);

        Explained several = Embedding.several(vitrail, model, picture, folder.resolve("o.png"));
        assertThat(several.forwardPasses()).isEqualTo(1);
        assertThat(several.attributions()).containsOnlyKeys("grad-cam", "guided-backprop");
        assertThat(ImageIO.read(folder.resolve("o.png").toFile()).getWidth()).isEqualTo(96);

        assertThat(Embedding.margin(vitrail, model, picture).values().shape())
                .containsExactly(1, 12, 12);

        Path npz = folder.resolve("o.npz");
        float[] gradient = Embedding.arrays(vitrail, model, Demo.scene().input(), npz);
        assertThat(gradient).hasSize(3 * 96 * 96);
        assertThat(Npz.read(npz)).containsOnlyKeys("gradient", "output", "target", "score");

        assertThat(Embedding.list(vitrail, model).values().shape()).containsExactly(2, 3, 96, 96);
        assertThat(Embedding.image(vitrail, model, picture))
                .isEqualTo(vitrail.explain(model, picture).run());
        assertThat(Embedding.threads(vitrail, model, Collections.nCopies(4, picture)))
                .containsOnly(vitrail.explain(model, picture).run());
        assertThat(Embedding.layers(model)).contains("relu", "layer1.0.relu", "layer1.0.relu#2");
        assertThat(Embedding.refused(vitrail, model, picture))
                .startsWith("USAGE: shapes.pt: no layer 'layr3'\n  nearest: layer3");
    }
}
