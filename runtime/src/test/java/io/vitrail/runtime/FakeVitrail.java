package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;

/** Opens Vitrail with fakes. */
final class FakeVitrail {
    private FakeVitrail() {}

    static Vitrail with(FakeEngine engine, AttributionMethod... methods) {
        Vitrail.Builder builder = Vitrail.builder().fit(engine);
        for (AttributionMethod method : methods) {
            builder.fit(method);
        }
        return builder.open();
    }
}
