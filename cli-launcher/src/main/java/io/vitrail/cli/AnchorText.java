package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Anchor;
import io.vitrail.runtime.Sidecar;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Read {@code --anchors}: a number, or sizes. */
final class AnchorText {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,3}");
    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,9})?)x([0-9]{1,5}(?:\\.[0-9]{1,9})?)");

    private AnchorText() {}

    /** Return a sidecar with these anchors. */
    static Sidecar applied(String text, Sidecar sidecar) {
        if (NUMBER.matcher(text).matches()) {
            return sidecar.withAnchors(Integer.parseInt(text));
        }
        List<List<Anchor>> outputs = new ArrayList<>();
        for (String output : text.split("/", -1)) {
            List<Anchor> sizes = new ArrayList<>();
            for (String size : output.split(",", -1)) {
                Matcher sides = SIZE.matcher(size.strip());
                if (!sides.matches()) {
                    throw VitrailException.usage(
                            "--anchors "
                                    + text
                                    + ": '"
                                    + size
                                    + "' is no size\n  write boxes a cell, 3, or their sizes in pixels"
                                    + " of the input, smallest first: 10x13,16x30,...");
                }
                sizes.add(
                        new Anchor(
                                Double.parseDouble(sides.group(1)),
                                Double.parseDouble(sides.group(2))));
            }
            outputs.add(sizes);
        }
        return sidecar.withAnchorSizes(outputs);
    }
}
