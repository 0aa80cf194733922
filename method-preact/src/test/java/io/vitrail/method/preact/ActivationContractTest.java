package io.vitrail.method.preact;

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;

class ActivationContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new Activation();
    }
}
