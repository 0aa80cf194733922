package io.vitrail.engine.djl.torch;

import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.engine.djl.plan.DjlEngine;
import java.util.Map;

/** DJL's PyTorch engine. */
public final class PyTorchEngine extends DjlEngine {
    static final String NAME = "pytorch";

    /** Create the engine; nothing native is loaded before it is used. */
    public PyTorchEngine() {
        super("ai.djl.pytorch.engine.PtEngine");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return 1; // one native call a stage, and threads that do not wait for each other
    }

    @Override
    public String version() {
        return engine().getVersion();
    }

    /** The first text that libtorch compiles costs more than most others together. */
    @Override
    public void start() {
        engine();
        Libtorch.packs();
    }

    @Override
    public Map<String, String> details() {
        engine();
        return Map.of("threads", String.valueOf(JniUtils.getNumThreads()));
    }

    private ai.djl.engine.Engine engine() {
        checkInstalled();
        return Libtorch.start();
    }

    @Override
    protected Model open(GraphSource source, Settings settings) {
        engine();
        if (settings.threads() > 0) {
            JniUtils.setNumThreads(settings.threads());
        }
        return TorchBackend.load(source, settings.device(), exact(settings), NativeCalls.DIRECT);
    }
}
