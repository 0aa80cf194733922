package io.vitrail.method.guided;

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;

class DeconvnetContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new Deconvnet();
    }
}
