package io.vitrail.method.preact;

import io.vitrail.api.Layer;
import io.vitrail.api.Option;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Channels that a caller chose, in the caller's order; without ranges, all of them.
 *
 * @param spelling as it was typed
 * @param ranges both ends included
 */
record Channels(String spelling, List<Range> ranges) {
    private static final String ALL = "all";
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:\\.\\.([0-9]{1,9}))?");

    /** Channels from one to another, both included. */
    record Range(int from, int to) {}

    static final Option<Channels> OPTION =
            new Option<>(
                    "channels",
                    new Channels(ALL, List.of()),
                    "all, 0..15 or 3,7,9",
                    "Keep these channels only, in this order.",
                    Channels::parse);

    /** Return the spelling, as a listing of defaults shows it. */
    @Override
    public String toString() {
        return spelling;
    }

    private static Channels parse(String text) {
        List<Range> ranges = new ArrayList<>();
        if (text.equals(ALL)) {
            return new Channels(ALL, ranges);
        }
        for (String part : text.split(",", -1)) {
            Matcher matcher = RANGE.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("all, 0..15 or 3,7,9");
            }
            int from = Integer.parseInt(matcher.group(1));
            int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
            if (to < from) {
                throw new IllegalArgumentException("a range from the smaller to the larger");
            }
            ranges.add(new Range(from, to));
        }
        return new Channels(text, List.copyOf(ranges));
    }

    boolean isAll() {
        return ranges.isEmpty();
    }

    /**
     * Return the chosen ones of a layer with so many channels, each once.
     *
     * @throws VitrailException if the layer has not all of them
     */
    List<Integer> of(Layer layer, int count, String where) {
        if (isAll()) {
            return IntStream.range(0, count).boxed().toList();
        }
        Set<Integer> chosen = new LinkedHashSet<>();
        for (Range range : ranges) {
            if (range.to() >= count) { // before a list of a billion is made
                throw VitrailException.usage(
                        where
                                + ": channels="
                                + spelling
                                + ": layer '"
                                + layer.name()
                                + "' has the channels 0.."
                                + (count - 1));
            }
            IntStream.rangeClosed(range.from(), range.to()).forEach(chosen::add);
        }
        return List.copyOf(chosen);
    }
}
