package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.engine.djl.plan.DjlEngine;
import io.vitrail.engine.djl.plan.PlannedModel;
import java.util.Map;
import java.util.function.Supplier;

/** DJL's Apache MXNet engine. */
public final class MxNetEngine extends DjlEngine {
    static final String NAME = "mxnet";

    /** Create the engine; nothing native is loaded before it is used. */
    public MxNetEngine() {
        super("ai.djl.mxnet.engine.MxEngine");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        checkInstalled();
        return Libmxnet.start().getVersion();
    }

    @Override
    public Map<String, String> details() {
        checkInstalled();
        return Environment.of(System.getenv()).details(Libmxnet.compiledWithMklDnn());
    }

    /** Return what work on the library's arrays returns, done alone and without a tape. */
    public static <T> T alone(Supplier<T> work) {
        return Libmxnet.alone(work);
    }

    @Override
    protected Model open(GraphSource source, Settings settings) {
        Libmxnet.start();
        if (settings.threads() > 0) {
            Libmxnet.setThreads(settings.threads());
        }
        return new PlannedModel(source, new MxNetBackend(settings.device(), exact(settings)));
    }
}
