package io.vitrail.method.preact;

import io.vitrail.api.Engine;
import io.vitrail.testkit.TestModels;

/** The same contract on the other engine. */
class ActivationOnMxNetContractTest extends ActivationContractTest {
    @Override
    protected Engine engine() {
        return TestModels.engine("mxnet");
    }
}
