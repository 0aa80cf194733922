package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import io.vitrail.engine.djl.plan.PlannedModel;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** DJL's Apache MXNet engine. */
public final class MxNetEngine implements Engine {
    static final String NAME = "mxnet";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String missing() {
        try {
            Class.forName("ai.djl.mxnet.engine.MxEngine", false, getClass().getClassLoader());
            return "";
        } catch (ClassNotFoundException e) {
            return "not installed: add vitrail-mxnet";
        }
    }

    @Override
    public String version() {
        check();
        return Libmxnet.start().getVersion();
    }

    @Override
    public Map<String, String> details() {
        check();
        return Environment.of(System.getenv()).details(Libmxnet.compiledWithMklDnn());
    }

    /** Return what work on the library's arrays returns, done alone and without a tape. */
    public static <T> T alone(Supplier<T> work) {
        return Libmxnet.alone(work);
    }

    private void check() {
        if (!missing().isEmpty()) {
            throw VitrailException.usage("engine 'mxnet' is " + missing());
        }
    }

    @Override
    public Model load(GraphSource source, Settings settings) {
        source.engine()
                .filter(only -> !only.equals(NAME))
                .ifPresent(
                        only -> {
                            throw VitrailException.usage(
                                    source.name() + ": runs on " + only + " only, not on mxnet");
                        });
        for (String key : settings.options().keySet()) {
            if (!key.equals("exact")) {
                throw VitrailException.usage(
                        "engine mxnet: no option '"
                                + key
                                + "'\n  known: exact"
                                + NearestNames.of(key, List.of("exact")).stream()
                                        .map(name -> "\n  nearest: " + name)
                                        .findFirst()
                                        .orElse(""));
            }
        }
        check();
        Libmxnet.start();
        if (settings.threads() > 0) {
            Libmxnet.setThreads(settings.threads());
        }
        return new PlannedModel(source, new MxNetBackend(settings.device()));
    }
}
