package io.vitrail.cli;

import io.vitrail.api.Attribution;
import io.vitrail.render.ClassMeans;
import io.vitrail.render.NpyArray;
import io.vitrail.runtime.Explained;
import java.util.LinkedHashMap;
import java.util.Map;

/** The maps of an item in small, of which a summary is made. */
final class SmallMaps {
    private SmallMaps() {}

    /** Return each map without channels, and its longer side at most {@link ClassMeans#SIDE}. */
    static Map<String, NpyArray> of(Explained one) {
        Map<String, NpyArray> maps = new LinkedHashMap<>();
        for (Attribution attribution : one.attributions().values()) {
            attribution
                    .parts()
                    .forEach(
                            (part, values) -> {
                                String key =
                                        key(
                                                attribution.method(),
                                                part.place(),
                                                one.scored().size() > 1 ? part.target() : "");
                                ClassMeans.reduced(values, ClassMeans.SIDE)
                                        .ifPresent(map -> maps.put(key, NpyArray.of(map)));
                            });
        }
        return maps;
    }

    /**
     * Return the key of a map: {@code METHOD/PLACE}, or {@code METHOD@TARGET/PLACE}.
     *
     * @param target empty unless there are several
     */
    static String key(String method, String place, String target) {
        return method + (target.isEmpty() ? "" : "@" + target) + "/" + place;
    }
}
