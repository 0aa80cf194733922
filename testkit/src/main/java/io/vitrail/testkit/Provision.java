package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;

/** Check that a provider is found, on the module path and on the class path. */
final class Provision {
    private Provision() {}

    static <T> void assertProvided(Class<T> service, T provider) {
        // a module may look for services that it uses; which this is, only the contract knows
        Provision.class.getModule().addUses(service);
        assertThat(ServiceLoader.load(service).stream())
                .as("providers of %s", service.getName())
                .anyMatch(found -> found.type() == provider.getClass());
        Module module = provider.getClass().getModule();
        if (module.isNamed() && !module.getDescriptor().isAutomatic()) {
            assertThat(module.getDescriptor().provides())
                    .as("provides in the descriptor of %s", module.getDescriptor())
                    .anyMatch(p -> p.providers().contains(provider.getClass().getName()));
        }
    }

    static void assertListed(Class<?> service, Object provider) throws IOException {
        // Spark, OSGi and plain class paths do not read a module's descriptor
        String file = "/META-INF/services/" + service.getName();
        try (InputStream listed = provider.getClass().getResourceAsStream(file)) {
            assertThat(listed).as(file).isNotNull();
            assertThat(new String(listed.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .contains(provider.getClass().getName());
        }
    }
}
