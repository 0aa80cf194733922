package io.vitrail.method.gradcam;

import io.vitrail.api.Engine;
import io.vitrail.testkit.TestModels;

/** The same contract on the other engine. */
class GuidedGradCamOnMxNetContractTest extends GuidedGradCamContractTest {
    @Override
    protected Engine engine() {
        return TestModels.engine("mxnet");
    }
}
