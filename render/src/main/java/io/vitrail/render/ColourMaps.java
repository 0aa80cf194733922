package io.vitrail.render;

import java.util.ArrayList;
import java.util.List;

/** Choose among the colour maps that a caller named: one for each kind. */
final class ColourMaps {
    private ColourMaps() {}

    /** Return the maps with one more; of one kind the last holds. */
    static List<ColourMap> with(List<ColourMap> chosen, ColourMap map) {
        List<ColourMap> both = new ArrayList<>(chosen);
        both.removeIf(old -> old.isSigned() == map.isSigned());
        both.add(map);
        return List.copyOf(both);
    }

    /**
     * Return the map for heat of one or both signs.
     *
     * <p>Heat with both signs needs a map that is signed; a signed one alone serves either.
     *
     * @param usual for heat without negative values, where none is chosen
     */
    static ColourMap chosen(List<ColourMap> maps, boolean signed, ColourMap usual) {
        ColourMap chosen = signed ? Colours.DIVERGING : usual;
        for (ColourMap map : maps) {
            if (map.isSigned() == signed || !signed && maps.size() == 1) {
                chosen = map;
            }
        }
        return chosen;
    }
}
