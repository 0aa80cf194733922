package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.Engine;
import io.vitrail.testkit.EngineContract;

class MxNetEngineContractTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new MxNetEngine();
    }
}
