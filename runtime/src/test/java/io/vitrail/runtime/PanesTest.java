package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PanesTest {
    /** Loaded in a test from a folder that stands for a jar. */
    public static final class Thrower implements ModelFormat {
        public Thrower() {
            throw new IllegalStateException("cannot be made");
        }

        @Override
        public String id() {
            return "thrower";
        }

        @Override
        public String sentence() {
            return "";
        }

        @Override
        public List<String> suffixes() {
            return List.of();
        }

        @Override
        public boolean claims(Path file) {
            return false;
        }

        @Override
        public GraphSource open(Path file) {
            throw new IllegalStateException();
        }
    }

    private record Format(String id, boolean claiming, String... ends) implements ModelFormat {
        @Override
        public String sentence() {
            return "Test.";
        }

        @Override
        public List<String> suffixes() {
            return List.of(ends);
        }

        @Override
        public boolean claims(Path file) {
            if (id.equals("rude")) {
                throw new IllegalStateException("rude");
            }
            return claiming;
        }

        @Override
        public GraphSource open(Path file) {
            return FakeNetwork.classifier().output("fc");
        }
    }

    @Test
    void aBrokenProviderHarmsNobody(@TempDir Path folder) throws IOException {
        String name = Thrower.class.getName();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(ModelFormat.class.getName()), "no.such.Format\n" + name + "\n");
        Path type = folder.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(type.getParent());
        try (InputStream bytes = Thrower.class.getResourceAsStream("PanesTest$Thrower.class")) {
            Files.copy(bytes, type);
        }
        try (URLClassLoader loader = new FolderFirst(folder.toUri().toURL(), name)) {
            List<Pane<ModelFormat>> found =
                    Discovery.find(ModelFormat.class, List.of(new Format("whole", true)), loader);
            assertThat(found).hasAtLeastOneElementOfType(Pane.Whole.class);
            assertThat(found)
                    .filteredOn(pane -> pane instanceof Pane.Broken)
                    .extracting(pane -> ((Pane.Broken<?>) pane).stage())
                    .contains(Pane.Stage.DISCOVERY, Pane.Stage.CREATION);
            assertThat(found)
                    .filteredOn(pane -> pane.provider().equals("no.such.Format"))
                    .extracting(pane -> ((Pane.Broken<?>) pane).said())
                    .containsExactly(
                            "no.such.Format of " + folder + "/: Provider no.such.Format not found");
            assertThat(found)
                    .filteredOn(pane -> pane.provider().equals(name))
                    .extracting(pane -> ((Pane.Broken<?>) pane).cause())
                    .containsExactly("cannot be made");
        }
    }

    /** Defines one class itself, so that it is in no module. */
    private static final class FolderFirst extends URLClassLoader {
        private final String own;

        FolderFirst(URL folder, String own) {
            super(new URL[] {folder}, PanesTest.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(own)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Test
    void ofTwoPanesWithOneIdNeitherIsUsed() {
        Vitrail vitrail =
                FakeVitrail.with(
                        new FakeEngine(),
                        FakeMethods.sumOfChannels("fake-cam"),
                        FakeMethods.sumOfChannels("fake-cam"),
                        FakeMethods.sumOfChannels("Upper"),
                        FakeMethods.gradient());
        List<Pane<AttributionMethod>> panes = vitrail.methods();
        assertThat(Panes.whole(panes)).extracting(Pane.Whole::id).contains("fake-gradient");
        assertThat(panes)
                .filteredOn(pane -> pane instanceof Pane.Broken)
                .extracting(pane -> ((Pane.Broken<?>) pane).stage())
                .containsExactlyInAnyOrder(
                        Pane.Stage.DUPLICATE, Pane.Stage.DUPLICATE, Pane.Stage.IDENTITY);
        assertThatThrownBy(() -> vitrail.method("fake-cam"))
                .hasMessageContaining("no method 'fake-cam'")
                .hasMessageContaining("several panes are called 'fake-cam'");
    }

    @Test
    void anUnknownEngineIsAUsageError() {
        assertThatThrownBy(() -> Vitrail.builder().fit(new FakeEngine()).engine("fale").open())
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.USAGE))
                .hasMessageContaining("no engine 'fale'\n  nearest: fake");
    }

    @Test
    void aFileGoesToTheFormatThatClaimsIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("net.fake"), "x");
        Files.writeString(Sidecar.beside(file), "{\"layer\": \"relu\"}");
        FakeEngine engine = new FakeEngine();
        try (Vitrail vitrail =
                Vitrail.builder()
                        .fit(engine)
                        .fit(new Format("rude", true))
                        .fit(new Format("other", true, ".other"))
                        .fit(new Format("fake", true, ".fake"))
                        .open()) {
            assertThat(Vitrail.sidecar(vitrail.load(file)).layer()).isEqualTo("relu");
            Sidecar given = Sidecar.EMPTY.withLayer("conv");
            assertThat(Vitrail.sidecar(vitrail.load(file, given))).isEqualTo(given);
            engine.missing = "not installed: add vitrail-fake";
            assertThatThrownBy(() -> vitrail.load(file))
                    .hasMessage("engine 'fake': not installed: add vitrail-fake");
        }
    }

    @Test
    void aFileThatNobodyClaimsIsRefusedWithTheFormatsThatAreKnown(@TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("net.onnx"), "x");
        try (Vitrail vitrail =
                Vitrail.builder().fit(new Format("fake", false, ".fake", ".fk")).open()) {
            assertThatThrownBy(() -> vitrail.load(file))
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.MODEL))
                    .hasMessageContaining("net.onnx: is of no known format")
                    .hasMessageContaining("fake (.fake, .fk)");
            assertThatThrownBy(() -> vitrail.load(folder)).hasMessageContaining("is a folder");
            assertThatThrownBy(() -> vitrail.load(folder.resolve("no.fake")))
                    .hasMessageContaining("no such file");
        }
    }

    @Test
    void aSourceIsClosedWhenItCannotBeLoaded() {
        FakeNetwork source = FakeNetwork.classifier().output("fc");
        FakeEngine engine = new FakeEngine();
        engine.missing = "gone";
        try (Vitrail vitrail = FakeVitrail.with(engine)) {
            assertThatThrownBy(() -> vitrail.load(source)).hasMessageContaining("gone");
            assertThat(source.closed).isTrue();
        }
    }
}
