package io.vitrail.method.gradcam;

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;

class GradCamContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new GradCam();
    }
}
