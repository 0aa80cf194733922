package io.vitrail.guice;

import static com.google.inject.multibindings.Multibinder.newSetBinder;
import static com.google.inject.name.Names.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.ProvisionException;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Vitrail;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class VitrailModuleTest {
    /** A method that needs something of the application's. */
    static final class Injected implements OnePassMethod {
        private final String sentence;

        @Inject
        Injected(String sentence) {
            this.sentence = sentence;
        }

        @Override
        public String id() {
            return "injected";
        }

        @Override
        public String sentence() {
            return sentence;
        }

        @Override
        public Place place() {
            return Place.INPUT_OR_LAYERS;
        }

        @Override
        public Probe probe(Request request) {
            return Probe.atInput();
        }

        @Override
        public Attribution attribute(Pass pass, Request request) {
            return request.attribution(pass.gradient(request.target()));
        }
    }

    @Test
    void anInjectorHasOneVitrailWhichIsOpenedWhenAskedFor() {
        AtomicInteger opened = new AtomicInteger();
        Injector injector =
                Guice.createInjector(new VitrailModule(builder -> opened.incrementAndGet()));
        assertThat(opened).hasValue(0);

        try (Vitrail first = injector.getInstance(Vitrail.class)) {
            assertThat(injector.getInstance(Vitrail.class)).isSameAs(first);
        }
        assertThat(opened).hasValue(1);
    }

    @Test
    void aMethodThatGuiceMakesIsFitted() {
        Module methods =
                binder -> {
                    binder.bind(String.class).toInstance("From the application.");
                    newSetBinder(binder, AttributionMethod.class).addBinding().to(Injected.class);
                };
        Injector injector = Guice.createInjector(new VitrailModule(), methods);

        try (Vitrail vitrail = injector.getInstance(Vitrail.class)) {
            assertThat(vitrail.method("injected").sentence()).isEqualTo("From the application.");
        }
    }

    @Test
    void aWrongChoiceIsTheCauseOfWhatGuiceThrows() {
        Injector injector =
                Guice.createInjector(new VitrailModule(builder -> builder.engine("Theano")));

        assertThatThrownBy(() -> injector.getInstance(Vitrail.class))
                .isInstanceOf(ProvisionException.class)
                .cause()
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("no engine 'Theano'");
    }

    @Test
    void severalInstancesAreToldApartByName() {
        Injector injector =
                Guice.createInjector(
                        only("bare", builder -> {}),
                        only("fitted", builder -> builder.fit(new Injected("By hand."))));

        try (Vitrail bare = injector.getInstance(Key.get(Vitrail.class, named("bare")));
                Vitrail fitted = injector.getInstance(Key.get(Vitrail.class, named("fitted")))) {
            assertThat(fitted.method("injected").sentence()).isEqualTo("By hand.");
            assertThatThrownBy(() -> bare.method("injected"))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageStartingWith("no method 'injected'");
        }
    }

    private static PrivateModule only(String name, Consumer<Vitrail.Builder> choices) {
        return new PrivateModule() {
            @Override
            protected void configure() {
                install(new VitrailModule(choices));
                bind(Vitrail.class).annotatedWith(named(name)).to(Vitrail.class);
                expose(Vitrail.class).annotatedWith(named(name));
            }
        };
    }
}
