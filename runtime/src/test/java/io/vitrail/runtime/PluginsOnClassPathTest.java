package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.testkit.PluginJar;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Vitrail is on the class path, no module can require its api; plugins work all the same. */
class PluginsOnClassPathTest {
    @TempDir private Path folder;

    @Test
    void modulesAndPlainJarsWork() throws Exception {
        PluginTrial trial = new PluginTrial(folder);
        PluginTrial.modular("thrice", 3).in(trial.plugins());
        PluginTrial.plain("fivefold", 5).in(trial.plugins());
        PluginTrial.modular("later", 3).header("Vitrail-Api", "[7,8)").in(trial.plugins());
        Path own = trial.plugins().resolve("own");
        Path library =
                PluginJar.named("gson")
                        .source(
                                "package com.google.gson; public class Gson { public static int"
                                        + " mine() { return 9; } }")
                        .in(own);
        PluginJar.named("main")
                .against(library)
                .source(
                        PluginJar.method(
                                "of.own.Method",
                                "own",
                                PluginJar.gradientTimes(1)
                                        .replace("mul(1)", "mul(com.google.gson.Gson.mine())")))
                .service(io.vitrail.api.AttributionMethod.class, "of.own.Method")
                .header("Vitrail-Plugin-Needs", "of.thrice")
                .in(own);
        assertThat(run("thrice", "fivefold", "own"))
                .contains(
                        "named false",
                        "fivefold ACTIVE ",
                        "main ACTIVE ",
                        "of.thrice ACTIVE compiled",
                        "thrice 0.75",
                        "fivefold 1.25",
                        "own 2.25")
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "of.later BROKEN needs Vitrail's api [7,8), and this is 0."));
    }

    private List<String> run(String... ids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", classPath(), "-Djava.awt.headless=true"));
        command.addAll(List.of(ClassPathProgram.class.getName(), folder.toString()));
        command.addAll(List.of(ids));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.lines().toList();
    }

    private static String classPath() {
        URI type = URI.create(String.valueOf(own()));
        Path tests = Path.of(type).getParent();
        for (String part : ClassPathProgram.class.getPackageName().split("[.]")) {
            tests = part.isEmpty() ? tests : tests.getParent();
        }
        List<String> path = new ArrayList<>(List.of(tests.toString()));
        for (String key : List.of("jdk.module.path", "java.class.path")) {
            if (!System.getProperty(key, "").isEmpty()) {
                path.add(System.getProperty(key));
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static java.net.URL own() {
        return ClassPathProgram.class.getResource("ClassPathProgram.class");
    }
}
