package io.vitrail.engine.djl.torch;

import io.vitrail.api.Engine;
import io.vitrail.testkit.EngineContract;

class TorchEngineContractTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new PyTorchEngine();
    }
}
