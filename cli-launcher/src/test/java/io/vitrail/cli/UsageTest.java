package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said before a model is loaded. */
class UsageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain",
                "predict",
                "layers",
                "methods",
                "demo",
                "sidecar",
                "doctor",
                "bench",
                "completion"
            })
    void everyCommandHasHelpWithExamples(String command) {
        Captured help = Captured.run(command, "--help");

        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: vitrail " + command + " ")
                .contains("Examples:\n  ")
                .contains("vitrail " + command)
                .contains(
                        "--engine=NAME",
                        "-E=KEY=VALUE",
                        "--threads=N",
                        "--shape=",
                        "--json",
                        "--quiet");
    }

    @Test
    void theHelpNamesEveryCommandAndEveryExitCode() {
        assertThat(Captured.run("--help").out())
                .contains(
                        "  explain  ",
                        "  predict  ",
                        "  layers  ",
                        "  methods  ",
                        "  sidecar  ",
                        "  demo  ")
                .contains(
                        "0 done, 2 wrong usage, 3 model refused, 4 input refused, 5 method or engine")
                .contains("failed, 6 some of many inputs failed, 70 a bug, 130 interrupted");
    }

    @Test
    void withoutACommandTheHelpIsAnError() {
        Captured call = Captured.run();

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).startsWith("Usage: vitrail ");
    }

    @Test
    void theVersionIsAResult() {
        assertThat(Captured.run("--version").out()).startsWith("vitrail ").contains("\nJava 17");
    }

    @Test
    void aMisspeltCommandIsAnsweredWithTheNearest() {
        assertRefused(
                "vitrail: no command 'explian'\n  nearest: explain, completion\n  all:     vitrail --help\n",
                "explian");
    }

    @Test
    void aMisspeltOptionIsAnsweredWithTheNearest() {
        assertRefused(
                "vitrail explain: no option '--preproces'\n  nearest: --preprocess, --resume\n  all:     vitrail explain --help\n",
                "explain",
                "m.pt",
                "dog.jpg",
                "--preproces");
    }

    @Test
    void aMissingModelAndInputAreAskedFor() {
        assertRefused(
                "vitrail explain: Missing required parameters: 'MODEL', 'INPUT'\n  all:     vitrail explain --help\n",
                "explain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-s relu               | -s relu: not KEY=VALUE",
                "--save png,gif        | --save png,gif: of png, html, npz, zarr and json only",
                "--batch 0             | --batch 0: a number from 1 on",
                "--threads -1          | --threads -1: a number of threads from 1 on",
                "--shape 1x3x          | --shape 1x3x: not a shape",
                "--shape 1x0x4         | --shape 1x0x4: not a shape",
                "--score loss          | no score 'loss'",
                "--preprocess torsh    | torsh",
                "--labels nope.txt     | nope.txt: no such file",
                "-o pom.xml            | -o pom.xml: a file, not a folder",
                "-m grad-cma           | no method 'grad-cma'",
                "--engine tensorflow   | no engine 'tensorflow'",
            })
    void aWrongValueIsNamed(String option, String said) {
        String[] words = option.strip().split(" ");

        Captured call = Captured.run("explain", "m.pt", "dog.jpg", words[0], words[1]);

        assertThat(call.err()).startsWith("vitrail: ").contains(said);
        assertThat(call.out()).isEmpty();
        assertThat(call.code()).isEqualTo(2);
    }

    @Test
    void globalOptionsStandBeforeOrBehindTheCommand() {
        assertThat(Captured.run("--json", "methods").out()).startsWith("[");
        assertThat(Captured.run("methods", "--json").out()).startsWith("[");
    }

    @Test
    void aMissingModelIsNotAWrongCall() {
        Captured call = Captured.run("layers", "nope.pt");

        assertThat(call.code()).isEqualTo(3);
        assertThat(call.err())
                .startsWith("vitrail: nope.pt: no such file\n")
                .doesNotContain("\tat ");
    }

    private static void assertRefused(String text, String... arguments) {
        Captured call = Captured.run(arguments);

        assertThat(call.err()).isEqualTo(text);
        assertThat(call.out()).isEmpty();
        assertThat(call.code()).isEqualTo(2);
    }
}
