package io.vitrail.method.preact;

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;

class PreActivationContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new PreActivation();
    }
}
