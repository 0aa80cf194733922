package io.vitrail.render;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Draw tokens as words, each on the colour of its attribution.
 *
 * <p>One value a token: the channels of a map, such as those of an embedding, are summed, and a map
 * of another number of tokens is resized (linear, half-pixel centres). Red speaks for the score and
 * blue against it, full at the 99th percentile of the magnitudes. The page of HTML shows words of
 * any script, and the value of the one below the pointer; the picture has letters of its own, and a
 * box for each that it does not know. Immutable; each refinement returns a new object.
 */
public final class ColouredTokens {
    private static final int DEFAULT_TOKENS = 2000;

    private final float[] heat;
    private final Range range;
    private final List<String> words;
    private final List<ColourMap> colours;
    private final int most;

    private ColouredTokens(
            float[] heat, Range range, List<String> words, List<ColourMap> colours, int most) {
        this.heat = heat;
        this.range = range;
        this.words = words;
        this.colours = colours;
        this.most = most;
    }

    /**
     * Colour words by the only map of an attribution.
     *
     * @throws IllegalStateException if it has several: take one of {@link Attribution#parts}
     */
    public static ColouredTokens of(Attribution heat, List<String> words) {
        return of(heat.values(), words);
    }

    /**
     * Colour words by a map.
     *
     * @param heat one item: {@code (1, tokens)}, or with a channel axis as at an embedding
     * @param words one a token, in order
     * @throws VitrailException of kind usage if there are no words, or the map has no axis of
     *     tokens, or several items
     */
    public static ColouredTokens of(Values heat, List<String> words) {
        if (words.isEmpty()) {
            throw VitrailException.usage("no words to colour\n  do:  give one a token");
        }
        Steps map = new Steps(new float[][] {Steps.of(heat, "a map of tokens").sum()});
        return new ColouredTokens(
                map.resized(words.size()).sum(),
                Range.of(map.sum()),
                List.copyOf(words),
                List.of(),
                DEFAULT_TOKENS);
    }

    /** Return whether a map is a row of tokens that words can stand for. */
    public static boolean fits(Values heat) {
        return Steps.fit(heat);
    }

    /**
     * Choose the colours; the default is diverging for both kinds of maps. A map with both signs
     * needs colours that are {@link ColourMap#isSigned}.
     */
    public ColouredTokens colourMap(ColourMap map) {
        return new ColouredTokens(heat, range, words, ColourMaps.with(colours, map), most);
    }

    /**
     * Show no more than the first tokens in the picture; the default is 2000, and the drawing says
     * so. The page has them all.
     */
    public ColouredTokens atMost(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("at least one token, not " + tokens);
        }
        return new ColouredTokens(heat, range, words, colours, tokens);
    }

    /** Return one value a token. */
    public float[] values() {
        return heat.clone();
    }

    /** Draw it. */
    public BufferedImage image() {
        return new TokenLayout(words, heat, shades(), most).draw();
    }

    /**
     * Return a page of HTML that needs no other file and runs no code.
     *
     * @param title what is said above the words
     */
    public String html(String title) {
        return TokenPage.of(title, words, heat, shades());
    }

    private HeatColours shades() {
        return HeatColours.of(range, colours, Colours.DIVERGING);
    }

    /** Write the picture as PNG. */
    public void save(Path file) {
        PngWriter.write(file, image(), Map.of("Software", "Vitrail"));
    }

    /** Write the page of HTML, in UTF-8. */
    public void saveHtml(Path file, String title) {
        byte[] page = html(title).getBytes(StandardCharsets.UTF_8);
        FileBeside.write(file, stream -> stream.write(page));
    }
}
