package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.render.ColourMap;
import io.vitrail.render.ColouredTokens;
import io.vitrail.render.MapView;
import io.vitrail.render.OrthogonalSlices;
import io.vitrail.render.SeriesPlot;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Draw what a method found in inputs that were arrays: below a series, over a volume, on the words
 * of tokens; what fits none of them is drawn alone.
 */
final class ArrayDrawing {
    private final List<Graph.Port> ports;
    private final List<Values> inputs;
    private final FedArrays fed;
    private final Vocabulary vocabulary;

    private ArrayDrawing(
            List<Graph.Port> ports, List<Values> inputs, FedArrays fed, Vocabulary vocabulary) {
        this.ports = ports;
        this.inputs = inputs;
        this.fed = fed;
        this.vocabulary = vocabulary;
    }

    /** Copy what was fed to a model out of native memory. */
    static ArrayDrawing of(FedArrays fed, Model model, Vocabulary vocabulary) {
        List<Graph.Port> ports = model.layers(fed.arrays()).inputs();
        List<Values> inputs = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Axes axes = fed.axes().orElse(ports.get(i).type().axes());
            inputs.add(Values.copyOf(fed.arrays().get(i), axes));
        }
        return new ArrayDrawing(ports, inputs, fed, vocabulary);
    }

    /** A drawing; tokens have a page of HTML too. */
    record Drawn(BufferedImage image, Optional<ColouredTokens> tokens) {
        static Drawn of(BufferedImage image) {
            return new Drawn(image, Optional.empty());
        }
    }

    /**
     * Draw one item of one part.
     *
     * @param found an item that {@link MapView#canDraw}
     * @param n its number in the batch
     */
    Drawn draw(String method, Attribution.Part part, Values found, int n, List<ColourMap> colours) {
        Values item = part.atLayer() ? found : asFed(found);
        boolean ofScore = !part.target().isEmpty(); // what a layer gives out is shown by channels
        for (int i : candidates(part, n)) {
            Values input = inputs.get(i).item(n);
            if (isTokens(i) && ofScore && ColouredTokens.fits(item)) {
                ColouredTokens tokens = ColouredTokens.of(item, words(input));
                for (ColourMap map : colours) {
                    tokens = tokens.colourMap(map);
                }
                return new Drawn(tokens.image(), Optional.of(tokens));
            }
            if (!isTokens(i) && fits(item, input) && SeriesPlot.fits(item, input)) {
                return Drawn.of(series(item, input, colours));
            }
            if (fits(item, input) && OrthogonalSlices.fits(item, input)) {
                OrthogonalSlices slices = OrthogonalSlices.of(item, input);
                for (ColourMap map : colours) {
                    slices = slices.colourMap(map);
                }
                return Drawn.of(slices.image());
            }
        }
        return Drawn.of(MapView.plain(method, item).image());
    }

    /** What is at an input has the axes that the model's file says. */
    private Values asFed(Values found) {
        return fed.axes().isPresent() && found.shape().length == 3
                ? Values.of(found.toDoubles(), fed.axes().get(), found.shape())
                : found;
    }

    /** The input itself; for a layer all, in order. */
    private List<Integer> candidates(Attribution.Part part, int n) {
        return IntStream.range(0, ports.size())
                .filter(i -> n < inputs.get(i).shape()[0])
                .filter(i -> part.atLayer() || ports.get(i).name().equals(part.place()))
                .boxed()
                .toList();
    }

    private boolean isTokens(int i) {
        return !ports.get(i).type().type().isFloating() && inputs.get(i).shape().length == 2;
    }

    /** A map of a layer's many channels does not lie over an input of others. */
    private static boolean fits(Values item, Values input) {
        int channel = item.axes().channel();
        boolean spatial = !item.axes().spatial().isEmpty();
        return spatial
                && (channel < 0
                        || item.shape()[channel] == 1
                        || Arrays.equals(item.shape(), input.shape()));
    }

    private BufferedImage series(Values item, Values input, List<ColourMap> colours) {
        SeriesPlot plot = SeriesPlot.of(item, input);
        int channel = input.axes().channel();
        if (!fed.channels().isEmpty()
                && !input.axes().spatial().isEmpty()
                && input.shape()[channel] == fed.channels().size()) {
            plot = plot.channels(fed.channels());
        }
        for (ColourMap map : colours) {
            plot = plot.colourMap(map);
        }
        return plot.image();
    }

    private List<String> words(Values tokens) {
        if (fed.words().size() == tokens.size()) {
            return fed.words();
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            words.add(vocabulary.word((long) tokens.get(i)));
        }
        return words;
    }
}
