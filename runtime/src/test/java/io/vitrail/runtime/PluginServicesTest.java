package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Model;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.testkit.PluginJar;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that the runtime knows nothing of. */
class PluginServicesTest {
    private static final String SWIRL =
            """
            package of.swirl;
            import io.vitrail.api.graph.*;
            import java.util.*;
            public class Swirl implements io.vitrail.format.keras.KerasLayer {
                public Set<String> classNames() { return Set.of("my_project.layers>Swirl", "Conv2D"); }
                public List<Value> read(io.vitrail.format.keras.LayerBuilder layer) {
                    return List.of(layer.add(new Operator.Tanh(), layer.input()));
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void aPluginReadsALayerOfKeras() throws ClassNotFoundException {
        Class<?> service = Class.forName("io.vitrail.format.keras.KerasLayer"); // not required here
        PluginTrial trial = new PluginTrial(folder);
        Path file = SharedData.model("keras/bad/custom_layer.keras");
        PluginJar.named("swirl")
                .against(service)
                .source(SWIRL)
                .service(service, "of.swirl.Swirl")
                .in(trial.plugins());
        try (Vitrail vitrail =
                Vitrail.builder()
                        .pluginCache(folder.resolve("cache"))
                        .plugins(trial.plugins())
                        .build()) {
            try (Model model = vitrail.load(file)) {
                assertThat(model.name()).isEqualTo("custom_layer.keras");
            }
            Plugin.Provided layer = vitrail.plugins().get("swirl").panes().get(0);
            assertThat(layer.kind()).isEqualTo("KerasLayer");
            vitrail.plugins().remove("swirl");
            assertThatThrownBy(() -> vitrail.load(file).close())
                    .hasMessageContaining("or into a plugin");
        }
    }

    @Test
    void anyInterfaceIsFoundAndItsOriginNamed() {
        PluginTrial trial = new PluginTrial(folder);
        PluginJar.named("supplying")
                .source(
                        "package of.supplying; public class Word implements java.util.function.Supplier<String> { public String get() { return Thread.currentThread().getContextClassLoader() == getClass().getClassLoader() ? \"own\" : \"foreign\"; } }")
                .service(Supplier.class, "of.supplying.Word")
                .service(Supplier.class, "of.supplying.Missing")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            List<?> found = vitrail.services().all(Supplier.class);
            assertThat(found).hasSize(1);
            assertThat(((Supplier<?>) found.get(0)).get()).isEqualTo("own");
            assertThat(vitrail.services().origin(found.get(0)))
                    .isEqualTo("plugin 'supplying' of " + trial.plugins().resolve("supplying.jar"));
            assertThat(vitrail.services().broken(Supplier.class))
                    .containsExactly(
                            "of.supplying.Missing of plugin 'supplying' of "
                                    + trial.plugins().resolve("supplying.jar")
                                    + ": is promised, and no jar of the plugin has such a class");
        }
    }
}
