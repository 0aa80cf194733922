package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With --json standard output is one document, whatever happens. */
class JsonTest {
    @TempDir private Path folder;

    @Test
    void everyCommandPrintsOneDocument() throws IOException {
        String model = DemoModel.model();
        String picture = DemoModel.picture().toString();
        Path other = Files.copy(Path.of(DemoModel.model()), folder.resolve("m.pt"));

        assertThat(document(0, "explain", model, picture, "-o", folder + "/out").isJsonObject())
                .isTrue();
        assertThat(document(0, "predict", model, picture).isJsonArray()).isTrue();
        assertThat(document(0, "layers", model).isJsonObject()).isTrue();
        assertThat(document(0, "methods").isJsonArray()).isTrue();
        assertThat(document(0, "methods", "grad-cam").isJsonObject()).isTrue();
        assertThat(document(0, "doctor").isJsonObject()).isTrue();
        assertThat(document(0, "demo", "-o", folder + "/demo").isJsonObject()).isTrue();
        assertThat(document(0, "sidecar", other.toString(), "-l", "layer2").isJsonObject())
                .isTrue();
        assertThat(document(0, "completion").isJsonObject()).isTrue();
    }

    @Test
    void anErrorIsADocumentAndAText() {
        Captured call = Captured.run("layers", "nope.pt", "--json");

        JsonObject error =
                JsonParser.parseString(call.out()).getAsJsonObject().getAsJsonObject("error");
        assertThat(error.get("kind").getAsString()).isEqualTo("model");
        assertThat(error.get("exitCode").getAsInt()).isEqualTo(3).isEqualTo(call.code());
        assertThat(call.err()).isEqualTo("vitrail: " + error.get("message").getAsString() + "\n");
    }

    @Test
    void aCallThatCannotBeParsedIsADocumentToo() {
        assertThat(error(2, "explian")).contains("explian");
        assertThat(error(2, "layers", "m.pt", "--preproces")).contains("--preproces");
        assertThat(error(2)).contains("no command");
    }

    @Test
    void anInputThatFailsStandsAmongTheOthers() {
        JsonArray all =
                document(6, "predict", DemoModel.model(), DemoModel.picture().toString(), "no.png")
                        .getAsJsonArray();

        assertThat(all).hasSize(2);
        JsonObject failed = all.get(1).getAsJsonObject();
        assertThat(failed.get("input").getAsString()).isEqualTo("no.png");
        assertThat(failed.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("input");
    }

    @Test
    void inputsThatAllFailAreAnErrorBesideTheRecord() {
        String out = folder.resolve("out").toString();

        assertThat(error(4, "explain", DemoModel.model(), "no.png", "-o", out))
                .startsWith("no.png: no such file");
        assertThat(
                        error(
                                6,
                                "explain",
                                DemoModel.model(),
                                DemoModel.picture().toString(),
                                "no.png",
                                "-o",
                                out))
                .startsWith("no.png: no such file");
    }

    @Test
    void aLineIsIndentedAsATextIs() {
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("text", "a \"quoted\" {name}, with: [signs]\nand \\ more");
        odd.put("none", List.of(Map.of(), List.of()));
        odd.put("numbers", List.of(1, -2.5, Double.NaN, Double.POSITIVE_INFINITY));
        odd.put("deep", List.of(Map.of("a", List.of(Map.of("b", "{[")))));

        assertThat(Json.line(odd)).doesNotContain("\n");
        assertThat(Json.indented(Json.line(odd), 0)).isEqualTo(Json.text(odd));
        assertThat("[\n  " + Json.indented(Json.line(odd), 1) + "\n]")
                .isEqualTo(Json.text(List.of(odd)));
    }

    private static String error(int code, String... words) {
        return document(code, words)
                .getAsJsonObject()
                .getAsJsonObject("error")
                .get("message")
                .getAsString();
    }

    private static JsonElement document(int code, String... words) {
        String[] call = java.util.Arrays.copyOf(words, words.length + 1);
        call[words.length] = "--json";
        Captured captured = Captured.run(call);
        assertThat(captured.code()).as(captured.err()).isEqualTo(code);
        return JsonParser.parseString(captured.out());
    }
}
