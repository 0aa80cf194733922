package io.vitrail.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Hold the modules to the design: dependencies point down to the api and never sideways. */
class ArchitectureTest {
    /** A module's package, and those of ours that it may know beside its own. */
    private static final Map<String, List<String>> MAY_KNOW =
            Map.ofEntries(
                    entry("api", List.of()),
                    entry("picture", List.of("api")),
                    entry("archive", List.of()),
                    entry("engine", List.of("api", "archive")),
                    entry("format", List.of("api", "archive")),
                    entry("method", List.of("api")),
                    entry("render", List.of("api", "picture")),
                    entry("runtime", List.of("api", "picture")),
                    entry("guice", List.of("api", "runtime")),
                    entry("demo", List.of("api")),
                    entry("testkit", List.of("api", "render")),
                    entry("cli", List.of("api", "picture", "render", "runtime", "demo")));

    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.vitrail");

    @Test
    void everyModuleIsLookedAt() {
        Set<String> seen =
                OURS.stream()
                        .map(JavaClass::getPackageName)
                        .map(name -> name.split("\\."))
                        .filter(parts -> parts.length > 2)
                        .map(parts -> parts[2])
                        .collect(Collectors.toSet());

        assertThat(seen).containsExactlyInAnyOrderElementsOf(MAY_KNOW.keySet());
    }

    @Test
    void dependenciesPointDown() {
        MAY_KNOW.forEach(
                (module, known) -> {
                    List<String> others = new ArrayList<>();
                    for (String other : MAY_KNOW.keySet()) {
                        if (!other.equals(module) && !known.contains(other)) {
                            others.add("io.vitrail." + other + "..");
                        }
                    }
                    noClasses()
                            .that()
                            .resideInAPackage("io.vitrail." + module + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others.toArray(String[]::new))
                            .check(OURS);
                });
    }

    @Test
    void methodsDoNotKnowEachOther() {
        slices().matching("io.vitrail.method.(*)..").should().notDependOnEachOther().check(OURS);
    }

    @Test
    void theApiKnowsArraysAndNothingElse() {
        classes()
                .that()
                .resideInAPackage("io.vitrail.api..")
                .and()
                .doNotHaveFullyQualifiedName("io.vitrail.api.BlockFormat")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.vitrail.api..",
                        "java..",
                        "ai.djl",
                        "ai.djl.ndarray..",
                        "org.jspecify..")
                .check(OURS);
    }

    @Test
    void onlyTheServiceThatReadsBlocksNamesThem() {
        classes()
                .that()
                .haveFullyQualifiedName("io.vitrail.api.BlockFormat")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.vitrail.api", "java..", "ai.djl.nn", "ai.djl.ndarray.types")
                .check(OURS);
    }

    @Test
    void onlyTheEngineKnowsTheBackends() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.vitrail.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.pytorch..", "ai.djl.mxnet..")
                .check(OURS);
    }

    @Test
    void onlyTheLauncherAndTheModuleForItKnowGuice() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.vitrail.cli..", "io.vitrail.guice..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.inject..", "jakarta.inject..", "javax.inject..")
                .check(OURS);
    }

    @Test
    void onlyTheLauncherKnowsPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.vitrail.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(OURS);
    }
}
