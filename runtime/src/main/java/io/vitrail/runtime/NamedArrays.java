package io.vitrail.runtime;

import io.vitrail.api.Values;
import java.util.LinkedHashMap;

final class NamedArrays {
    private NamedArrays() {}

    static LinkedHashMap<String, Values> of(Facts facts) {
        return new LinkedHashMap<>(facts.outputs());
    }
}
