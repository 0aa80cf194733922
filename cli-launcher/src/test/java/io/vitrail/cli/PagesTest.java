package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the documentation: every command in them is run, in order, on the demo's files and
 * on those in the folder {@code examples}.
 */
class PagesTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Set<String> WITH_EXAMPLES = Set.of("series.md", "tokens.md", "volumes.md");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");

    @TempDir private Path folder;

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(DOCS)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    static Stream<Path> pagesWithCommands() throws IOException {
        return pages().stream().filter(page -> !examples(page).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void commandsPrintWhatThePageSays(Path page) throws Exception {
        DemoFiles.write(folder, Demo.scene());
        String name = page.getFileName().toString();
        if (name.startsWith("how-") || WITH_EXAMPLES.contains(name)) {
            DocsExamples.copy(folder);
        }
        TypedCommands terminal = new TypedCommands(folder);
        List<ConsoleExample> examples = examples(page);
        for (int i = 0; i < examples.size(); i++) {
            ConsoleExample example = examples.get(i);
            String place = page + ":" + example.line() + ": " + example.command();

            String printed = terminal.type(example.command());

            assertThat(printed).as(place).matches(example.pattern());
            boolean codeShown =
                    i + 1 < examples.size()
                            && examples.get(i + 1).command().equals(ConsoleExample.CODE);
            if (!codeShown) {
                assertThat(terminal.code()).as("exit code of %s\n%s", place, printed).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFiles(Path page) throws IOException {
        Matcher links = LINK.matcher(Files.readString(page));
        while (links.find()) {
            if (!links.group(1).contains("://")) {
                assertThat(page.resolveSibling(links.group(1))).as("link in %s", page).exists();
            }
        }
    }

    @Test
    void theIndexNamesEveryPage() throws IOException {
        String index = Files.readString(DOCS.resolve("README.md"));
        for (Path page : pages()) {
            if (!page.endsWith("README.md")) {
                assertThat(index).contains("](" + page.getFileName() + ")");
            }
        }
    }

    private static List<ConsoleExample> examples(Path page) {
        try {
            return ConsoleExample.in(page);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
