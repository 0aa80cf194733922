package io.vitrail.engine.djl.plan;

import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.List;

/** An engine of DJL's, which may be absent: what is checked before it loads a model. */
public abstract class DjlEngine implements Engine {
    private static final String OPTION = "exact";

    private final String engineClass;

    /**
     * Create an engine.
     *
     * @param engineClass the class of DJL's that is there if the engine is
     */
    protected DjlEngine(String engineClass) {
        this.engineClass = engineClass;
    }

    @Override
    public String missing() {
        try {
            Class.forName(engineClass, false, getClass().getClassLoader());
            return "";
        } catch (ClassNotFoundException e) {
            return "not installed: add vitrail-" + name();
        }
    }

    /**
     * Check that the engine is there, before any class of it is touched.
     *
     * @throws VitrailException of kind {@code USAGE} if it is not
     */
    protected void checkInstalled() {
        if (!missing().isEmpty()) {
            throw VitrailException.usage("engine '" + name() + "' is " + missing());
        }
    }

    @Override
    public Model load(GraphSource source, Settings settings) {
        source.engine()
                .filter(only -> !only.equals(name()))
                .ifPresent(
                        only -> {
                            throw VitrailException.usage(
                                    source.name()
                                            + ": runs on "
                                            + only
                                            + " only, not on "
                                            + name());
                        });
        for (String key : settings.options().keySet()) {
            if (!key.equals(OPTION)) {
                throw VitrailException.usage(
                        "engine "
                                + name()
                                + ": no option '"
                                + key
                                + "'\n  known: "
                                + OPTION
                                + NearestNames.of(key, List.of(OPTION)).stream()
                                        .map(name -> "\n  nearest: " + name)
                                        .findFirst()
                                        .orElse(""));
            }
        }
        exact(settings);
        checkInstalled();
        return open(source, settings);
    }

    /**
     * Return whether networks run exactly as written, with nothing rewritten for speed: as the
     * settings say, else as the system property {@code vitrail.exact} does.
     *
     * @throws VitrailException of kind {@code USAGE} if the setting is neither true nor false
     */
    protected boolean exact(Settings settings) {
        String value = settings.options().get(OPTION);
        if (value == null) {
            return Boolean.getBoolean("vitrail.exact");
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw VitrailException.usage(
                    "engine "
                            + name()
                            + ": option '"
                            + OPTION
                            + "' is true or false, not '"
                            + value
                            + "'");
        }
        return value.equals("true");
    }

    /** Load a model that this engine can run, with settings that it knows. */
    protected abstract Model open(GraphSource source, Settings settings);
}
