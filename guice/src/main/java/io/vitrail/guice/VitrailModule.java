package io.vitrail.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.runtime.Vitrail;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Bind one {@link Vitrail} for an application that uses Guice.
 *
 * <p>It is opened when it is first asked for. Guice closes nothing: whoever makes the injector
 * closes Vitrail when the application ends.
 *
 * <p>What the application adds to the sets of {@link AttributionMethod}, {@link ModelFormat} and
 * {@link Engine} is fitted, so that Guice makes methods too:
 *
 * <pre>{@code
 * newSetBinder(binder(), AttributionMethod.class).addBinding().to(MyMethod.class);
 * }</pre>
 *
 * <p>An application with several instances installs one of these in a {@code PrivateModule} each,
 * which exposes it under a name.
 */
public final class VitrailModule extends AbstractModule {
    private final Consumer<Vitrail.Builder> choices;

    /** Take what is on the class path and module path, on the CPU. */
    public VitrailModule() {
        this(builder -> {});
    }

    /**
     * Choose engine, device, threads, seed and plugins.
     *
     * @param choices is called once, before Vitrail is opened; what is wrong with them is the cause
     *     of Guice's {@code ProvisionException}
     */
    public VitrailModule(Consumer<Vitrail.Builder> choices) {
        this.choices = choices;
    }

    @Override
    protected void configure() {
        Multibinder.newSetBinder(binder(), AttributionMethod.class);
        Multibinder.newSetBinder(binder(), ModelFormat.class);
        Multibinder.newSetBinder(binder(), Engine.class);
    }

    @Provides
    @Singleton
    Vitrail vitrail(Set<AttributionMethod> methods, Set<ModelFormat> formats, Set<Engine> engines) {
        Vitrail.Builder builder = Vitrail.builder();
        methods.forEach(builder::fit);
        formats.forEach(builder::fit);
        engines.forEach(builder::fit);
        choices.accept(builder);
        return builder.open();
    }
}
