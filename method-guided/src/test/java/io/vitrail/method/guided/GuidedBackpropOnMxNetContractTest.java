package io.vitrail.method.guided;

import io.vitrail.api.Engine;
import io.vitrail.testkit.TestModels;

/** The same contract on the other engine. */
class GuidedBackpropOnMxNetContractTest extends GuidedBackpropContractTest {
    @Override
    protected Engine engine() {
        return TestModels.engine("mxnet");
    }
}
