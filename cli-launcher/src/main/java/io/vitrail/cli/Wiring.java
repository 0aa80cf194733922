package io.vitrail.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.vitrail.runtime.Vitrail;

/** Bind what commands need; tests override single bindings. */
final class Wiring extends AbstractModule {
    @Provides
    @Singleton
    Console console() {
        return Console.ofProcess();
    }

    @Provides
    PluginSources pluginSources() {
        return PluginSources.ofProcess();
    }

    /** Commands take a provider of it, for only a parsed call knows engine and threads. */
    @Provides
    Vitrail vitrail(GlobalOptions options, PluginSources plugins) {
        Vitrail.Builder builder = Vitrail.builder();
        if (options.threads != null) {
            builder.threads(options.threads);
        }
        if (options.engine != null) {
            builder.engine(options.engine);
        }
        options.engineOptions.forEach(builder::engineOption);
        plugins.applyTo(builder, options.plugins);
        return builder.open();
    }
}
