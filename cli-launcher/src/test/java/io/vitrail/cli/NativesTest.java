package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @TempDir private Path temp;
    private Path folder;

    /** As DJL's jars and folders are: one list, libraries at one of two places. */
    @BeforeEach
    void unpack() throws IOException {
        folder = Files.createDirectories(temp.resolve("2.7.1-20250812-cpu-linux-x86_64"));
        Files.writeString(folder.resolve("libone.so"), "one library");
        Files.writeString(folder.resolve("libtwo.so.1"), "another library");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(temp.resolve("natives.jar")))) {
            put(
                    jar,
                    "native/lib/pytorch.properties",
                    "version=2.7.1-20250812\nlibraries=libone.so,libtwo.so.1");
            put(jar, "pytorch/cpu/linux-x86_64/libone.so", "one library");
            put(jar, "native/lib/libtwo.so.1", "another library");
        }
    }

    private static void put(JarOutputStream jar, String name, String text) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(text.getBytes());
        jar.closeEntry();
    }

    private String problem() throws IOException {
        try (URLClassLoader loader = loader()) {
            return new Natives(folder, loader, "PyTorch").problem();
        }
    }

    private URLClassLoader loader() throws MalformedURLException {
        return new URLClassLoader(
                new URL[] {temp.resolve("natives.jar").toUri().toURL()},
                ClassLoader.getPlatformClassLoader());
    }

    @Test
    void findsNothingWrongWithWholeLibraries() throws IOException {
        assertThat(problem()).isEmpty();
    }

    @Test
    void namesALibraryThatWasCutOff() throws IOException {
        Files.writeString(folder.resolve("libone.so"), "one libr");
        assertThat(problem()).startsWith("libone.so differs").contains("delete " + folder);
    }

    @Test
    void namesALibraryWithAnotherByte() throws IOException {
        Files.writeString(folder.resolve("libtwo.so.1"), "anOther library");
        assertThat(problem()).startsWith("libtwo.so.1 differs");
    }

    @Test
    void namesALibraryThatIsGone() throws IOException {
        Files.delete(folder.resolve("libtwo.so.1"));
        assertThat(problem()).startsWith("libtwo.so.1 differs");
    }

    @Test
    void comparesNoOtherVersion() throws IOException {
        Files.writeString(folder.resolve("libone.so"), "of another version");
        Files.move(folder, folder = temp.resolve("2.5.0-cpu-linux-x86_64"));
        assertThat(problem()).isEmpty();
    }
}
