package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.AttributionMethod;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.testkit.PluginJar;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gradient of {@link PluginTrial} begins with a quarter; each plugin multiplies it. */
class PluginLayersTest {
    @TempDir private Path folder;
    private PluginTrial trial;

    @BeforeEach
    void begin() {
        trial = new PluginTrial(folder);
    }

    /** A library of which each version says another number. */
    private static PluginJar library(String file, int number) {
        return PluginJar.named(file)
                .source(
                        "package shared.numbers; public class Number { public static int value() { return "
                                + number
                                + "; } }");
    }

    private static PluginJar counting(String id) {
        String body =
                PluginJar.gradientTimes(1).replace("mul(1)", "mul(shared.numbers.Number.value())");
        return PluginJar.named(id).source(PluginJar.method("of." + id + ".Method", id, body));
    }

    @Test
    void aModuleAndAPlainJarWork() {
        PluginTrial.modular("thrice", 3).in(trial.plugins());
        PluginTrial.plain("fivefold", 5).in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "thrice")).isEqualTo(.75);
            assertThat(PluginTrial.first(vitrail, "fivefold")).isEqualTo(1.25);
            assertThat(vitrail.plugins().list())
                    .extracting(Plugin::id, Plugin::state)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("fivefold", Plugin.State.ACTIVE),
                            org.assertj.core.groups.Tuple.tuple("of.thrice", Plugin.State.ACTIVE));
        }
    }

    @Test
    void twoModulesOfOneNameHaveTheirOwnLibraries() {
        for (int number : new int[] {2, 7}) {
            String id = "times" + number;
            Path own = trial.plugins().resolve("plugin-" + number);
            Path library =
                    library("numbers", number)
                            .source("module shared.numbers { exports shared.numbers; }")
                            .in(own);
            counting(id)
                    .against(library)
                    .source(
                            "module the.same { requires io.vitrail.api; requires shared.numbers;"
                                    + " provides io.vitrail.api.AttributionMethod with of."
                                    + id
                                    + ".Method; }")
                    .header("Vitrail-Plugin-Id", id)
                    .in(own);
        }
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "times2")).isEqualTo(.5);
            assertThat(PluginTrial.first(vitrail, "times7")).isEqualTo(1.75);
        }
    }

    @Test
    void plainJarsOfOneFolderFindTheirLibrary() {
        for (int number : new int[] {2, 7}) {
            String id = "plain" + number;
            Path own = trial.plugins().resolve(id);
            Path library = library("numbers-1." + number, number).in(own.resolve("lib"));
            counting(id)
                    .against(library)
                    .service(AttributionMethod.class, "of." + id + ".Method")
                    .in(own);
        }
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "plain2")).isEqualTo(.5);
            assertThat(PluginTrial.first(vitrail, "plain7")).isEqualTo(1.75);
        }
    }

    @Test
    void severalPlainJarsWithMethodsAreOnePlugin() {
        PluginTrial.plain("one-of-two", 2).in(trial.plugins().resolve("both"));
        PluginTrial.plain("two-of-two", 3).in(trial.plugins().resolve("both"));
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "one-of-two")).isEqualTo(.5);
            assertThat(PluginTrial.first(vitrail, "two-of-two")).isEqualTo(.75);
            assertThat(vitrail.plugins().get("both").panes()).hasSize(2);
        }
    }

    /** No two modules may have one package, and no module is called {@code 1.2}. */
    @Test
    void plainJarsThatCannotBeModulesWork() {
        Path split = trial.plugins().resolve("split");
        Path library =
                PluginJar.named("rest")
                        .source(
                                "package of.split; public class Four { public static final Integer VALUE = 4; }")
                        .in(split);
        PluginJar.named("main")
                .against(library)
                .source(
                        PluginJar.method(
                                "of.split.Method",
                                "split",
                                PluginJar.gradientTimes(1).replace("mul(1)", "mul(Four.VALUE)")))
                .service(AttributionMethod.class, "of.split.Method")
                .in(split);
        PluginJar.named("1.2")
                .source(
                        PluginJar.method(
                                "of.numbered.Method", "numbered", PluginJar.gradientTimes(6)))
                .service(AttributionMethod.class, "of.numbered.Method")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "split")).isEqualTo(1);
            assertThat(PluginTrial.first(vitrail, "numbered")).isEqualTo(1.5);
        }
    }

    /** The application's own Gson has no such class. */
    @Test
    void aLibraryThatTheApplicationHasIsThePluginsOwn() {
        Path own = trial.plugins().resolve("own");
        Path library =
                PluginJar.named("gson")
                        .source(
                                "package com.google.gson; public class Gson { public static int mine() { return 9; } }")
                        .source("module com.google.gson { exports com.google.gson; }")
                        .in(own);
        PluginJar.named("main")
                .against(library)
                .source(
                        PluginJar.method(
                                "of.own.Method",
                                "own",
                                PluginJar.gradientTimes(1)
                                        .replace("mul(1)", "mul(com.google.gson.Gson.mine())")))
                .source(
                        "module of.own { requires io.vitrail.api; requires com.google.gson; provides io.vitrail.api.AttributionMethod with of.own.Method; }")
                .in(own);
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "own")).isEqualTo(2.25);
        }
    }

    @Test
    void aPluginThatBringsTheApiAlongUsesTheApplications() {
        Path own = trial.plugins().resolve("bringing");
        PluginJar.named("vitrail-api")
                .source("module io.vitrail.api { }")
                .entry("io/vitrail/api/Old.class", new byte[0])
                .in(own);
        PluginTrial.modular("bringing", 3).in(own);
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "bringing")).isEqualTo(.75);
        }
    }

    @Test
    void eachPluginIsInALayerOfItsOwn() {
        PluginTrial.plain("where", 1).in(trial.plugins());
        PluginJar.named("context")
                .source(
                        PluginJar.method(
                                "of.context.Method",
                                "context",
                                "boolean here = Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();"
                                        + "ModuleLayer layer = getClass().getModule().getLayer();"
                                        + "int modules = layer == null ? 0 : layer.modules().size();"
                                        + PluginJar.gradientTimes(1)
                                                .replace("mul(1)", "mul(here ? 4 * modules : 0)")))
                .service(AttributionMethod.class, "of.context.Method")
                .in(trial.plugins());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "context")).isEqualTo(1); // one module of its own
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void twoVitrailsHaveDifferentPlugins() {
        Path first = PluginTrial.plain("mine", 2).in(folder.resolve("first")).getParent();
        Path second = PluginTrial.plain("mine", 3).in(folder.resolve("second")).getParent();
        try (Vitrail one = trial.builder().plugins(first).build();
                Vitrail two = trial.builder().plugins(second).build();
                Vitrail none = trial.builder().build()) {
            assertThat(PluginTrial.first(one, "mine")).isEqualTo(.5);
            assertThat(PluginTrial.first(two, "mine")).isEqualTo(.75);
            assertThat(none.plugins().list()).isEmpty();
        }
    }

    @Test
    void theOriginalMayBeDeleted() throws Exception {
        Path jar = PluginTrial.plain("gone", 2).in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            Files.delete(jar);
            assertThat(PluginTrial.first(vitrail, "gone")).isEqualTo(.5);
            Plugin plugin = vitrail.plugins().get("gone");
            assertThat(plugin.copy().orElseThrow())
                    .isEqualTo(folder.resolve("cache").resolve(plugin.sha256()));
        }
    }
}
