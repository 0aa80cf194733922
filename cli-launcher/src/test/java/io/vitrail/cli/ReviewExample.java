package io.vitrail.cli;

import io.vitrail.runtime.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network written by hand that judges a text of 16 words, and such a text.
 *
 * <p>A word's vector says whether it praises, blames, or turns what follows. {@code pairs} looks at
 * a word and the one before: praise and blame (bias -0.1), and praise and blame that are turned
 * (bias -1.1), which count twice the other way. The mean over the words times 16 is their sum, so
 * the gradient of <i>good</i> is, by hand, 1 at a word that praises, -1 where it is turned, and -2
 * at the word that turns it.
 */
final class ReviewExample {
    static final List<String> WORDS =
            List.of(
                    "",
                    "the",
                    "and",
                    "but",
                    "is",
                    "was",
                    "me",
                    "made",
                    "end",
                    "plot",
                    "film",
                    "music",
                    "actors",
                    "good",
                    "wonderful",
                    "smile",
                    "bad",
                    "boring",
                    "not");
    static final String TEXT =
            "the plot is not good but the music was wonderful and the end made me smile";

    private static final List<String> PRAISE = List.of("good", "wonderful", "smile");
    private static final List<String> BLAME = List.of("bad", "boring");

    private ReviewExample() {}

    /** Write {@code review.keras}, its sidecar, {@code review.csv} and {@code words.txt}. */
    static void write(Path folder) throws IOException {
        float[][] table = new float[WORDS.size()][3];
        for (int i = 0; i < table.length; i++) {
            table[i][0] = PRAISE.contains(WORDS.get(i)) ? 1 : 0;
            table[i][1] = BLAME.contains(WORDS.get(i)) ? 1 : 0;
            table[i][2] = WORDS.get(i).equals("not") ? 1 : 0;
        }
        float[][][] pairs = { // the word before, the word; what it is; praise, blame, each turned
            {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 1}},
            {{1, 0, 1, 0}, {0, 1, 0, 1}, {0, 0, 0, 0}}
        };
        Path model = folder.resolve("review.keras");
        WrittenKeras.write(
                model,
                "review",
                List.of(
                        new WrittenKeras.Layer(
                                "InputLayer",
                                "\"batch_shape\": [null, 16], \"dtype\": \"int32\", \"name\": \"tokens\""),
                        new WrittenKeras.Layer(
                                "Embedding",
                                "\"name\": \"embedding\", \"input_dim\": "
                                        + table.length
                                        + ", \"output_dim\": 3, \"mask_zero\": false",
                                (Object) table),
                        new WrittenKeras.Layer(
                                "Conv1D",
                                "\"name\": \"pairs\", \"filters\": 4, \"kernel_size\": [2], \"strides\": [1],"
                                        + " \"padding\": \"causal\", \"activation\": \"relu\"",
                                pairs,
                                new float[] {-.1f, -.1f, -1.1f, -1.1f}),
                        new WrittenKeras.Layer("GlobalAveragePooling1D", "\"name\": \"mean\""),
                        new WrittenKeras.Layer(
                                "Dense",
                                "\"name\": \"verdict\", \"units\": 2, \"activation\": \"softmax\"",
                                new float[][] {{0, 16}, {0, -16}, {0, -32}, {0, 32}},
                                new float[] {0, 0})));
        Sidecar.EMPTY.withLabels(List.of("bad", "good")).write(Sidecar.beside(model));
        StringBuilder csv = new StringBuilder("token,word\n");
        for (String word : TEXT.split(" ")) {
            csv.append(WORDS.indexOf(word)).append(',').append(word).append('\n');
        }
        Files.writeString(folder.resolve("review.csv"), csv);
        Files.writeString(folder.resolve("words.txt"), String.join("\n", WORDS) + "\n");
    }
}
