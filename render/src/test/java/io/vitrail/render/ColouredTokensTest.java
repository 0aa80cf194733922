package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColouredTokensTest {
    private static final Pattern SPAN =
            Pattern.compile(
                    "<span style=\"background:#(\\w{6});color:#\\w{6}\" title=\"([^\"]*)\">");

    @Test
    void theChannelsOfAnEmbeddingAreSummedToOneValueAToken() {
        // three tokens with two channels each: 1 + 1, 1 - 3, 0
        Values heat = Values.of(new float[] {1, 1, 1, -3, 0, 0}, Axes.channelsLast(3), 1, 3, 2);

        ColouredTokens tokens = ColouredTokens.of(heat, List.of("good", "not", "a"));

        assertThat(tokens.values()).containsExactly(2, -2, 0);
        Matcher spans = SPAN.matcher(tokens.html("x"));
        assertThat(spans.results().map(span -> span.group(1) + " " + span.group(2)).toList())
                .containsExactly(
                        String.format("%06x 0: 2.00", Colours.DIVERGING.rgb(1)),
                        String.format("%06x 1: -2.00", Colours.DIVERGING.rgb(-1)),
                        String.format("%06x 2: 0.00", Colours.DIVERGING.rgb(0)));
    }

    @Test
    void noWordIsTakenForHtml() {
        List<String> words =
                List.of("<script>alert(\"1\")</script>", "a&b", "'", "\u0000", "\ud800", "\n");

        String page = ColouredTokens.of(row(6), words).html("</title><b>");

        assertThat(page)
                .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</span>")
                .contains(">a&amp;b</span>", ">&#39;</span>", ">\ufffd</span>", ">\u00b7</span>")
                .contains("<title>&lt;/title&gt;&lt;b&gt;</title>")
                .doesNotContain("<script", "\u0000", "\ud800")
                .contains("default-src 'none'");
    }

    @Test
    void everyScriptIsOnThePageAndBreaksNoPicture(@TempDir Path folder) throws Exception {
        List<String> words =
                List.of(
                        "\u4f60\u597d",
                        "\u0645\u0631\u062d\u0628\u0627",
                        "\ud83d\ude00",
                        "na\u00efve");
        ColouredTokens tokens = ColouredTokens.of(row(4), words);

        Path page = folder.resolve("tokens.html");
        tokens.saveHtml(page, "words");
        BufferedImage image = tokens.image();

        assertThat(Files.readString(page)).contains(words);
        assertThat(image.getWidth()).isEqualTo(960);
        // an accent is left out, so only the others are boxes; that is said below
        int said = image.getHeight() - 28;
        assertThat(inked(image, said, 600)).isTrue();
        BufferedImage known =
                ColouredTokens.of(row(4), List.of("you", "all", "are", "na\u00efve")).image();
        assertThat(inked(known, known.getHeight() - 28, 600)).isFalse();
    }

    @Test
    void linesBreakAndLongTextsAreCut() {
        List<String> many = Collections.nCopies(5000, "word");
        String endless = "w".repeat(2000);

        assertThat(ColouredTokens.of(row(1), List.of(endless)).image().getHeight()).isEqualTo(116);
        assertThat(ColouredTokens.of(row(5000), many).image().getHeight()).isBetween(2000, 6000);
        assertThat(ColouredTokens.of(row(5000), many).atMost(10).image().getHeight())
                .isEqualTo(116); // margins of 24, one line of 34, a foot of 34
        assertThat(ColouredTokens.of(row(5000), many).html("x").split("<span ")).hasSize(5001);
    }

    @Test
    void theStrongestWordStandsOnTheStrongestColour() {
        Values heat = Values.of(new float[] {0, 4, 0}, new Axes(List.of(1), -1), 1, 3);

        BufferedImage image = ColouredTokens.of(heat, List.of("i", "i", "i")).image();

        // a word as thin as i takes 16 pixels and 4 behind it; 3 above the lower border is no ink
        assertThat(image.getRGB(24 + 20 + 8, 24 + 25) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(image.getRGB(24 + 8, 24 + 25) & 0xffffff).isEqualTo(Colours.DIVERGING.rgb(0));
    }

    @Test
    void noWordsAndMapsWithoutTokensAreRefused() {
        assertThatThrownBy(() -> ColouredTokens.of(row(3), List.of()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("no words");
        Values picture = Values.of(new float[4], Axes.channelsLast(4), 1, 2, 2, 1);
        assertThatThrownBy(() -> ColouredTokens.of(picture, List.of("a")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("a map of tokens of shape [1, 2, 2, 1]");
        assertThat(ColouredTokens.fits(picture)).isFalse();
    }

    private static Values row(int tokens) {
        float[] heat = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            heat[i] = i % 7 - 3;
        }
        return Values.of(heat, new Axes(List.of(1), -1), 1, tokens);
    }

    private static boolean inked(BufferedImage image, int y, int from) {
        for (int x = from; x < image.getWidth(); x++) {
            if ((image.getRGB(x, y) & 255) < 128) {
                return true;
            }
        }
        return false;
    }
}
