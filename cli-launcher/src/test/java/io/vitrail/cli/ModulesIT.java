package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The assembled distribution as modules, as the launcher's script starts them: what they export,
 * use and provide is what was reviewed.
 *
 * <p>{@code -Dvitrail.golden=write} writes {@code modules.txt} anew.
 */
class ModulesIT {
    private static final Path GOLDEN = Path.of("src/test/resources/io/vitrail/cli/modules.txt");
    private static final ModuleFinder FINDER =
            ModuleFinder.of(Path.of(System.getProperty("vitrail.distribution"), "lib/modules"));

    @Test
    void theModulesAreThoseThatWereReviewed() throws IOException {
        StringBuilder page = new StringBuilder();
        ours().forEach(found -> describe(found.descriptor(), page));
        page.append("others\n");
        all().map(found -> found.descriptor().name())
                .filter(name -> !name.startsWith("io.vitrail."))
                .forEach(name -> page.append("  ").append(name).append('\n'));

        if (System.getProperty("vitrail.golden", "").equals("write")) {
            Files.writeString(GOLDEN, page);
        }
        assertThat(page).hasToString(Files.readString(GOLDEN));
    }

    @Test
    void aClassPathFindsTheProvidersOfTheModules() throws IOException {
        for (ModuleReference found : ours().toList()) {
            Map<String, List<String>> provided = new TreeMap<>();
            found.descriptor()
                    .provides()
                    .forEach(each -> provided.put(each.service(), each.providers()));

            assertThat(listed(found)).as(found.descriptor().name()).isEqualTo(provided);
        }
    }

    @Test
    void methodsAreReachedAsServicesAndInNoOtherWay() throws ReflectiveOperationException {
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration()
                        .resolveAndBind(ModuleFinder.of(), FINDER, Set.of("io.vitrail.cli"));
        ModuleLayer layer =
                boot.defineModulesWithOneLoader(
                        configuration, ClassLoader.getPlatformClassLoader());
        Class<?> service =
                layer.findLoader("io.vitrail.api").loadClass("io.vitrail.api.AttributionMethod");

        List<String> ids = new ArrayList<>();
        for (ServiceLoader.Provider<?> provider :
                ServiceLoader.load(layer, service).stream().toList()) {
            ids.add((String) service.getMethod("id").invoke(provider.get()));
            Constructor<?> constructor = provider.type().getConstructor();
            assertThatThrownBy(constructor::newInstance)
                    .isInstanceOf(IllegalAccessException.class)
                    .hasMessageContaining("does not export");
        }
        assertThat(ids)
                .containsExactlyInAnyOrder(
                        "gradient",
                        "guided-backprop",
                        "deconvnet",
                        "grad-cam",
                        "guided-grad-cam",
                        "activation",
                        "pre-activation");
    }

    private static Stream<ModuleReference> all() {
        return FINDER.findAll().stream()
                .sorted((a, b) -> a.descriptor().name().compareTo(b.descriptor().name()));
    }

    private static Stream<ModuleReference> ours() {
        return all().filter(found -> found.descriptor().name().startsWith("io.vitrail."));
    }

    /** Write what {@code jar --describe-module} does, bar versions and files. */
    private static void describe(ModuleDescriptor module, StringBuilder page) {
        page.append(module.isOpen() ? "open module " : "module ").append(module.name());
        page.append('\n');
        lines(page, "exports ", module.exports(), each -> each.source() + to(each.targets()));
        lines(page, "opens ", module.opens(), each -> each.source() + to(each.targets()));
        lines(page, "requires ", module.requires(), each -> each.name() + words(each.modifiers()));
        lines(page, "uses ", module.uses(), Function.identity());
        lines(
                page,
                "provides ",
                module.provides(),
                each -> each.service() + " with " + String.join(", ", each.providers()));
        Set<String> hidden = new TreeSet<>(module.packages());
        module.exports().forEach(each -> hidden.remove(each.source()));
        lines(page, "contains ", hidden, Function.identity());
        page.append('\n');
    }

    private static <T> void lines(
            StringBuilder page, String what, Set<T> all, Function<T, String> text) {
        all.stream()
                .map(text)
                .sorted()
                .forEach(line -> page.append("  ").append(what).append(line).append('\n'));
    }

    private static String to(Set<String> targets) {
        return targets.isEmpty() ? "" : " to " + String.join(", ", new TreeSet<>(targets));
    }

    private static String words(Set<ModuleDescriptor.Requires.Modifier> modifiers) {
        return modifiers.stream()
                .filter(each -> each != ModuleDescriptor.Requires.Modifier.MANDATED)
                .map(each -> " " + each.name().toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .collect(Collectors.joining());
    }

    private static Map<String, List<String>> listed(ModuleReference module) throws IOException {
        Map<String, List<String>> services = new TreeMap<>();
        try (ModuleReader reader = module.open()) {
            String folder = "META-INF/services/";
            for (String name : reader.list().filter(each -> each.startsWith(folder)).toList()) {
                if (!name.endsWith("/")) {
                    try (InputStream file = reader.open(name).orElseThrow()) {
                        String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
                        services.put(name.substring(folder.length()), text.lines().toList());
                    }
                }
            }
        }
        return services;
    }
}
