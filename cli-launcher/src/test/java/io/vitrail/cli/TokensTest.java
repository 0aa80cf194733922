package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Values;
import io.vitrail.render.Colours;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts as tokens, on a network whose gradient is known by hand; see {@link ReviewExample}. */
class TokensTest {
    private static final Pattern SPAN =
            Pattern.compile("<span style=\"background:#(\\w+);[^>]*>([^<]*)</span>");

    @TempDir private Path folder;

    @BeforeEach
    void writeTheNetwork() throws IOException {
        ReviewExample.write(folder);
    }

    private Captured explain(String input, String... more) {
        return explain(folder.resolve("review.keras"), folder.resolve(input), more);
    }

    private Captured explain(Path model, Path input, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "explain",
                                model.toString(),
                                input.toString(),
                                "-o",
                                folder.resolve("out").toString()));
        words.addAll(List.of(more));
        return Captured.run(words.toArray(String[]::new));
    }

    private Values array(String stem, String key) {
        return Npz.read(folder.resolve("out/" + stem + ".npz")).get(key).values();
    }

    private List<MatchResult> spans(String name) throws IOException {
        return SPAN.matcher(Files.readString(folder.resolve("out/" + name))).results().toList();
    }

    @Test
    void aGradientAtTokensIsTakenAtTheEmbeddingAndSaysSo() throws IOException {
        Captured call = explain("review.csv", "-m", "gradient");

        assertThat(call.code()).isZero();
        assertThat(call.err())
                .contains("gradient: 'tokens' holds whole numbers", "read, at embedding");
        assertThat(array("review", "gradient/embedding").shape()).containsExactly(1, 16, 3);
        String record = Files.readString(folder.resolve("out/vitrail.json"));
        assertThat(record)
                .contains("\"layer\": \"embedding\"", "review.gradient.html", "whole numbers");
        List<MatchResult> words = spans("review.gradient.html");
        assertThat(String.join(" ", words.stream().map(word -> word.group(2)).toList()))
                .isEqualTo(ReviewExample.TEXT);
        for (MatchResult word : words) {
            int colour = Integer.parseInt(word.group(1), 16);
            switch (word.group(2)) {
                case "not" -> assertThat(colour).isEqualTo(Colours.DIVERGING.rgb(-1));
                case "good" -> assertThat((colour & 255) - (colour >> 16)).isGreaterThan(60);
                case "wonderful", "smile" ->
                        assertThat((colour >> 16) - (colour & 255)).isGreaterThan(60);
                default -> assertThat(colour).isEqualTo(Colours.DIVERGING.rgb(0));
            }
        }
    }

    @Test
    void reduceSumGivesOneValueAToken() {
        Captured call =
                explain("review.csv", "-m", "gradient", "-l", "embedding", "-s", "reduce=sum");

        assertThat(call.err()).isEmpty();
        Values sums = array("review", "gradient/embedding");
        assertThat(sums.shape()).containsExactly(1, 16);
        List<String> words = List.of(ReviewExample.TEXT.split(" "));
        assertThat(sums.get(words.indexOf("not"))).isEqualTo(-2, within(1e-6));
        assertThat(sums.get(words.indexOf("good"))).isEqualTo(-1, within(1e-6));
        assertThat(sums.get(words.indexOf("wonderful"))).isEqualTo(1, within(1e-6));
        assertThat(sums.get(words.indexOf("the"))).isZero();
    }

    @Test
    void gradCamOfATextIsAtItsLastLayerWithPlaces() {
        Captured call = explain("review.csv", "-s", "relu=false", "-s", "resize=linear");

        assertThat(call.err()).isEmpty();
        Values map = array("review", "grad-cam/pairs");
        List<String> words = List.of(ReviewExample.TEXT.split(" "));
        // weights 1 and -2 (a mean of 16 times 16), values .9: .9, and .9 - 2 * .9
        assertThat(map.get(words.indexOf("smile"))).isEqualTo(0.9, within(1e-5));
        assertThat(map.get(words.indexOf("good"))).isEqualTo(-0.9, within(1e-5));
        assertThat(map.get(words.indexOf("not"))).isZero();
    }

    /** h = x + h / 2 over 1, 2, 4: the last is 5.25, and its slopes are a quarter, a half, one. */
    @Test
    void aRecurrentNetworkIsExplainedAtWhatFeedsIt() throws IOException {
        Path model = folder.resolve("recurrent.keras");
        WrittenKeras.write(
                model,
                "recurrent",
                List.of(
                        new WrittenKeras.Layer(
                                "InputLayer",
                                "\"batch_shape\": [null, 3], \"dtype\": \"int32\", \"name\": \"tokens\""),
                        new WrittenKeras.Layer(
                                "Embedding",
                                "\"name\": \"embedding\", \"input_dim\": 3, \"output_dim\": 1",
                                (Object) new float[][] {{1}, {2}, {4}}),
                        new WrittenKeras.Layer(
                                "SimpleRNN",
                                "\"name\": \"rnn\", \"units\": 1, \"activation\": \"linear\", \"use_bias\": false",
                                new float[][] {{1}},
                                new float[][] {{0.5f}}),
                        new WrittenKeras.Layer(
                                "Dense",
                                "\"name\": \"verdict\", \"units\": 2, \"use_bias\": false",
                                (Object) new float[][] {{-1, 1}})));
        Files.writeString(folder.resolve("three.csv"), "token,word\n0,one\n1,two\n2,four\n");

        Captured call =
                explain(model, folder.resolve("three.csv"), "-m", "gradient", "-m", "grad-cam");

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(array("three", "score").toDoubles()).containsExactly(5.25);
        assertThat(array("three", "gradient/embedding").toFloats()).containsExactly(0.25f, 0.5f, 1);
        double mean = 1.75 / 3;
        assertThat(array("three", "grad-cam/embedding").toDoubles())
                .containsExactly(new double[] {mean, 2 * mean, 4 * mean}, within(1e-6));
        assertThat(spans("three.grad-cam.html").get(2).group(2)).isEqualTo("four");
    }

    @Test
    void aVocabularyNamesTheTokensOfArraysAndOfEveryItem() throws IOException {
        long[] two = new long[32];
        Arrays.fill(two, 13);
        Arrays.fill(two, 16, 32, 16);
        two[31] = 18;
        Npy.write(folder.resolve("known.npy"), NpyArray.of(two, 2, 16));
        Files.writeString(
                folder.resolve("words.json"),
                "{\"g<oo>d\": 13, \"\\u60aa\\u3044\": 16, \"n't\": 18}");

        Captured lines =
                explain("known.npy", "-m", "gradient", "--vocabulary", folder + "/words.txt");
        assertThat(lines.code()).isZero();
        assertThat(spans("known.0.gradient.html").get(0).group(2)).isEqualTo("good");
        assertThat(spans("known.1.gradient.html").get(15).group(2)).isEqualTo("not");

        explain("known.npy", "-m", "gradient", "--vocabulary", folder + "/words.json", "--quiet");
        assertThat(spans("known.0.gradient.html").get(0).group(2)).isEqualTo("g&lt;oo&gt;d");
        assertThat(spans("known.1.gradient.html").get(0).group(2)).isEqualTo("\u60aa\u3044");
        assertThat(spans("known.1.gradient.html").get(15).group(2)).isEqualTo("n&#39;t");

        explain("known.npy", "-m", "gradient");
        assertThat(spans("known.0.gradient.html").get(0).group(2)).isEqualTo("13");
    }

    @Test
    void aTableOfTokensIsATextALine() throws IOException {
        String text = "1,9,4,18,13,3,1,11,5,14,2,1,8,7,6,15\n";
        Files.writeString(folder.resolve("texts.csv"), text + text.replace("18", "4"));
        Files.writeString(folder.resolve("halves.csv"), text.replace("18", "1.5"));

        Captured call = explain("texts.csv", "-m", "gradient", "--save", "html,npz");

        assertThat(call.out()).contains("texts.csv[0]", "texts.csv[1]");
        // without the word that turns good: .9 + .9 + .9
        assertThat(array("texts", "score").toDoubles())
                .containsExactly(new double[] {0.9, 2.7}, within(1e-5));
        assertThat(folder.resolve("out/texts.1.gradient.html")).exists();
        assertThat(folder.resolve("out/texts.1.gradient.png")).doesNotExist();
        Captured halves = explain("halves.csv", "-m", "gradient");
        assertThat(halves.code()).isEqualTo(4);
        assertThat(halves.err()).contains("halves.csv: line 1: 1.5 where review.keras takes whole");
    }

    @Test
    void twoInputsOfWholeNumbersAreExplainedAtTheEmbeddingOfEach() throws IOException {
        Path model = SharedData.model("keras/layer_zoo_embedding.keras");
        Path input =
                model.resolveSibling("../../references/keras/layer_zoo_embedding/tokens.npz")
                        .normalize();

        Captured call = explain(model, input, "-m", "gradient");

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(call.err()).contains("'tokens', 'positions' hold whole", "embedding, position");
        for (String layer : List.of("embedding", "position")) {
            Values wanted = Npz.read(input).get("grad/" + layer).values();
            Values found = array("tokens", "gradient/" + layer);
            double largest = 0;
            for (int i = 0; i < wanted.size(); i++) {
                largest = Math.max(largest, Math.abs(wanted.get(i)));
            }
            for (int i = 0; i < wanted.size(); i++) {
                assertThat(found.get(i)).isEqualTo(wanted.get(i), within(1e-4 * largest));
            }
            assertThat(folder.resolve("out/tokens.0.gradient." + layer + ".png")).exists();
            assertThat(folder.resolve("out/tokens.1.gradient." + layer + ".html")).exists();
        }
    }

    @Test
    void tokensOfATorchScriptFileAreWordsToo() throws IOException {
        Path model = SharedData.model("torchscript/odd/embedding_traced.pt");
        Npy.write(
                folder.resolve("t.npy"),
                NpyArray.of(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0}, 1, 12));

        Captured call =
                explain(model, folder.resolve("t.npy"), "-m", "gradient", "-s", "reduce=sum");

        assertThat(call.code()).isZero();
        // the embedding has its channels behind, so the sum is over them and leaves the tokens
        assertThat(array("t", "gradient/embedding").shape()).containsExactly(1, 12);
        assertThat(spans("t.gradient.html")).hasSize(12);
    }
}
