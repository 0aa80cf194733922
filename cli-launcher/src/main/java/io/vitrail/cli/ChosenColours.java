package io.vitrail.cli;

import io.vitrail.api.Services;
import io.vitrail.api.VitrailException;
import io.vitrail.render.ColourMap;
import io.vitrail.render.Colours;
import java.util.ArrayList;
import java.util.List;

/** Find the colour maps that {@code --colours} names. */
final class ChosenColours {
    private ChosenColours() {}

    /**
     * Return the maps, in order.
     *
     * @throws VitrailException of kind {@code USAGE} if one is not known, or two are of one kind
     */
    static List<ColourMap> of(List<String> ids, Services services) {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<ColourMap> plugged = services.all(ColourMap.class);
        List<ColourMap> chosen = new ArrayList<>();
        for (String id : ids) {
            ColourMap map = Colours.named(id, plugged);
            for (ColourMap other : chosen) {
                if (other.isSigned() == map.isSigned()) {
                    throw VitrailException.usage(
                            "--colours "
                                    + other.id()
                                    + ", --colours "
                                    + id
                                    + ": both are for maps "
                                    + (map.isSigned()
                                            ? "with both signs"
                                            : "without negative values")
                                    + "\n  do:  leave one out");
                }
            }
            chosen.add(map);
        }
        return chosen;
    }
}
