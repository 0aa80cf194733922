package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Prepared;
import io.vitrail.render.ColourMap;
import io.vitrail.render.FeatureGrid;
import io.vitrail.render.Frames;
import io.vitrail.render.MapView;
import io.vitrail.render.Npz;
import io.vitrail.render.Overlay;
import io.vitrail.render.PngWriter;
import io.vitrail.runtime.Explained;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Write the pictures and arrays of one input. */
final class ResultFiles {
    private final Asked asked;
    private final PictureTexts texts;
    private final NamedInput input;
    private final String stem;
    private final Set<String> taken = new HashSet<>();
    private final Optional<ArrayDrawing> drawing;
    private final List<Path> written = new ArrayList<>();
    private @Nullable Picture original;

    /**
     * @param digest the SHA-256 of the model's file
     */
    ResultFiles(Asked asked, String digest, NamedInput input) {
        this.asked = asked;
        this.texts = new PictureTexts(asked, digest, input.file());
        this.input = input;
        this.stem = input.stem();
        this.drawing = input.drawing();
    }

    /** Return every file that was written. */
    List<Path> written() {
        return written;
    }

    /**
     * Return where the results are: what the names of all files have in common and how many they
     * are, {@code out/dog.* (2)}, or else the store.
     */
    String where() {
        if (!written.isEmpty()) {
            return asked.folder().resolve(stem) + ".* (" + written.size() + ")";
        }
        return asked.save().contains("zarr")
                ? asked.folder().resolve(StoreSink.FOLDER).toString()
                : "-";
    }

    /**
     * Draw one map and return the files, one an item, of tokens two; none if neither pictures nor
     * pages are wanted, or an array of this shape cannot be drawn.
     */
    List<Path> pictures(Explained explained, Attribution attribution, Attribution.Part part) {
        Values values = attribution.parts().get(part);
        List<Path> files = new ArrayList<>();
        boolean wanted = asked.save().contains("png") || asked.save().contains("html");
        if (!wanted || values.shape().length == 0) {
            return files;
        }
        int items = (int) values.shape()[0];
        for (int n = 0; n < items; n++) {
            Values item = values.item(n);
            if (MapView.canDraw(item)) {
                String name = (items == 1 ? stem : stem + "." + n) + suffix(attribution, part);
                String free = OutputNames.free(name, taken);
                Prepared seen = n < explained.seen().size() ? explained.seen().get(n) : null;
                files.addAll(
                        save(
                                drawn(explained, attribution, part, item, n, seen),
                                free,
                                texts.of(explained, attribution, part, n)));
            }
        }
        written.addAll(files);
        return files;
    }

    private List<Path> save(ArrayDrawing.Drawn drawn, String name, Map<String, String> texts) {
        List<Path> files = new ArrayList<>();
        if (asked.save().contains("png")) {
            Path file = asked.folder().resolve(name + ".png");
            PngWriter.write(file, drawn.image(), texts);
            files.add(file);
        }
        if (asked.save().contains("html") && drawn.tokens().isPresent()) {
            Path file = asked.folder().resolve(name + ".html");
            drawn.tokens().get().saveHtml(file, PictureTexts.title(texts));
            files.add(file);
        }
        return files;
    }

    private String suffix(Attribution attribution, Attribution.Part part) {
        StringBuilder suffix = new StringBuilder("." + OutputNames.safe(attribution.method()));
        boolean several =
                attribution.parts().keySet().stream()
                                .filter(other -> other.atLayer() == part.atLayer())
                                .map(Attribution.Part::place)
                                .distinct()
                                .count()
                        > 1;
        if (several || part.atLayer() && !asked.layers().isEmpty()) {
            suffix.append('.').append(OutputNames.safe(part.place()));
        }
        if (asked.targets().size() > 1 && !part.target().isEmpty()) {
            suffix.append('.').append(OutputNames.safe(part.target()));
        }
        return suffix.toString();
    }

    private ArrayDrawing.Drawn drawn(
            Explained explained,
            Attribution attribution,
            Attribution.Part part,
            Values item,
            int n,
            @Nullable Prepared seen) {
        List<String> channels = channels(attribution, part, n);
        String method = attribution.method();
        if (channels.size() > 1 && !item.axes().spatial().isEmpty()) {
            return ArrayDrawing.Drawn.of(FeatureGrid.of(item).labels(channels).image());
        }
        if (seen == null && channels.isEmpty() && drawing.isPresent()) {
            return drawing.get().draw(method, part, item, n, asked.colours());
        }
        return ArrayDrawing.Drawn.of(
                seen == null || !channels.isEmpty()
                        ? MapView.plain(method, item).image()
                        : overPicture(explained, method, part, item, n, seen));
    }

    private BufferedImage overPicture(
            Explained explained,
            String method,
            Attribution.Part part,
            Values item,
            int n,
            Prepared seen) {
        if (item.axes().channel() < 0 && item.axes().spatial().size() == 2) {
            Overlay overlay = Overlay.of(item, original());
            for (ColourMap colours : asked.colours()) {
                overlay = overlay.colourMap(colours);
            }
            return overlay.placement(seen.placement())
                    .frames(BoxFacts.frames(explained, n, part.target()))
                    .image();
        }
        BufferedImage view = MapView.of(method, item, seen.shown()).image();
        List<Frames.Frame> boxes = BoxFacts.frames(explained, n, part.target());
        boolean pixelByPixel = !boxes.isEmpty() && isView(item, seen);
        return pixelByPixel ? Frames.overView(view, boxes, seen.placement()) : view;
    }

    /** Return whether a map has a value for each pixel that the network saw. */
    private static boolean isView(Values item, Prepared seen) {
        List<Integer> space = item.axes().spatial();
        return space.size() == 2
                && item.shape()[space.get(0)] == seen.height()
                && item.shape()[space.get(1)] == seen.width();
    }

    /**
     * Return the numbers of the channels that a method kept of an item, empty if it kept them all.
     */
    private static List<String> channels(Attribution attribution, Attribution.Part part, int n) {
        String kept = attribution.notes().get("channels/" + part.place());
        if (kept == null) {
            return List.of();
        }
        String[] items = kept.split(" \\| ");
        return List.of(items[Math.min(n, items.length - 1)].split(","));
    }

    private Picture original() {
        if (original == null) {
            original = input.picture().orElseGet(() -> Picture.read(input.file()));
        }
        return original;
    }

    /** Write all arrays of the input, if they are wanted. */
    @Nullable Path arrays(Explained explained) {
        if (!asked.save().contains("npz")) {
            return null;
        }
        Path file = asked.folder().resolve(OutputNames.free(stem, taken) + ".npz");
        Npz.write(file, ItemArrays.of(explained), true, EarlierResults.mark());
        written.add(file);
        return file;
    }
}
