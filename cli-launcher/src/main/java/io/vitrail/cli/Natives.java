package io.vitrail.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compare the native libraries that DJL once unpacked with the jar that they are from.
 *
 * <p>DJL takes the folder as it is: a library that a full disk cut off, or that somebody changed,
 * would only show when the engine crashes. The checksum is the jar's own, a CRC-32.
 *
 * @param folder where the libraries lie
 * @param jars finds the jar
 * @param engine DJL's name of the engine
 */
record Natives(Path folder, ClassLoader jars, String engine) {
    /**
     * Return what is wrong, and what to do.
     *
     * @return empty if every library is as it is in the jar, or if there is no jar to compare with
     */
    String problem() {
        try {
            for (String library : libraries()) {
                JarEntry original = original(library);
                if (original != null && !isWhole(folder.resolve(library), original)) {
                    return library
                            + " differs from the one in its jar\n  do:  delete "
                            + folder
                            + "; the next start unpacks it anew";
                }
            }
            return "";
        } catch (IOException e) {
            return folder + ": cannot be compared with its jar: " + e;
        }
    }

    private List<String> libraries() throws IOException {
        URL list = jars.getResource("native/lib/" + lower() + ".properties");
        if (list == null) {
            return List.of(); // the libraries are the system's own, or come from elsewhere
        }
        Properties properties = new Properties();
        try (InputStream in = list.openStream()) {
            properties.load(in);
        }
        String version = properties.getProperty("version", "");
        if (!folder.getFileName().toString().startsWith(version)) {
            return List.of(); // another version's
        }
        String names = properties.getProperty("libraries", "");
        return Stream.of(names.split(",")).filter(name -> name.matches("[\\w.+-]+")).toList();
    }

    private String lower() {
        return engine.toLowerCase(Locale.ROOT);
    }

    /** DJL's jars have them at one of two places. */
    private @Nullable JarEntry original(String library) throws IOException {
        String name = folder.getFileName().toString();
        String platform = name.substring(name.lastIndexOf("-cpu-") + 1).replaceFirst("-", "/");
        for (String place : List.of("native/lib/", lower() + "/" + platform + "/")) {
            URL url = jars.getResource(place + library);
            if (url != null && url.openConnection() instanceof JarURLConnection jar) {
                return jar.getJarEntry();
            }
        }
        return null;
    }

    private static boolean isWhole(Path library, JarEntry original) throws IOException {
        if (!Files.isRegularFile(library) || Files.size(library) != original.getSize()) {
            return false;
        }
        try (CheckedInputStream in =
                new CheckedInputStream(Files.newInputStream(library), new CRC32())) {
            byte[] buffer = new byte[1 << 20];
            while (in.read(buffer) >= 0) {
                // the stream sums up
            }
            return in.getChecksum().getValue() == original.getCrc();
        }
    }
}
