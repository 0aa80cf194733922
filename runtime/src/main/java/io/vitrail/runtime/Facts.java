package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import java.util.List;
import java.util.Map;

/** What a run is known by. */
record Facts(
        int items,
        Map<String, Values> outputs,
        ClassVector classes,
        List<Scored> scored,
        Score score,
        Map<String, Attribution> attributions,
        Map<String, Map<String, Object>> options,
        List<Warning> warnings,
        double seconds,
        int forwardPasses,
        long seed,
        String preprocess) {

    Facts item(int n) {
        throw new UnsupportedOperationException("item " + n);
    }
}
