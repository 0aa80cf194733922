package org.example.smoothgrad;

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;
import java.util.Map;

class SmoothGradContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new SmoothGrad();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("samples", "10");
    }
}
