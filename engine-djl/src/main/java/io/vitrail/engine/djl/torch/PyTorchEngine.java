package io.vitrail.engine.djl.torch;

import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.Map;

/** DJL's PyTorch engine. */
public final class PyTorchEngine implements Engine {
    static final String NAME = "pytorch";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String missing() {
        try {
            Class.forName("ai.djl.pytorch.engine.PtEngine", false, getClass().getClassLoader());
            return "";
        } catch (ClassNotFoundException e) {
            return "not installed: add vitrail-pytorch";
        }
    }

    @Override
    public int preference() {
        return 1; // one native call a stage, and threads that do not wait for each other
    }

    @Override
    public String version() {
        return engine().getVersion();
    }

    @Override
    public Map<String, String> details() {
        engine();
        return Map.of("threads", String.valueOf(JniUtils.getNumThreads()));
    }

    private ai.djl.engine.Engine engine() {
        if (!missing().isEmpty()) {
            throw VitrailException.usage("engine 'pytorch' is " + missing());
        }
        return Libtorch.start();
    }

    @Override
    public Model load(GraphSource source, Settings settings) {
        source.engine()
                .filter(only -> !only.equals(NAME))
                .ifPresent(
                        only -> {
                            throw VitrailException.usage(
                                    source.name() + ": runs on " + only + " only, not on pytorch");
                        });
        for (String key : settings.options().keySet()) {
            if (!key.equals("exact")) {
                throw VitrailException.usage(
                        "engine pytorch: no option '"
                                + key
                                + "'\n  known: exact"
                                + NearestNames.of(key, List.of("exact")).stream()
                                        .map(name -> "\n  nearest: " + name)
                                        .findFirst()
                                        .orElse(""));
            }
        }
        engine();
        if (settings.threads() > 0) {
            JniUtils.setNumThreads(settings.threads());
        }
        return TorchBackend.load(source, settings.device(), NativeCalls.DIRECT);
    }
}
