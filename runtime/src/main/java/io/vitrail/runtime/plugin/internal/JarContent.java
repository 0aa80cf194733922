package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a jar says of itself.
 *
 * @param jar the private copy
 * @param headers the main section of its manifest
 * @param module its descriptor, of an automatic module too; empty where it cannot be a module
 * @param promises what {@code META-INF/services} and {@code provides} name
 */
record JarContent(
        Path jar,
        Attributes headers,
        Optional<ModuleDescriptor> module,
        List<Promise> promises,
        boolean modular) {
    static final int MOST_ENTRIES = 100_000;
    static final long MOST_BYTES_UNPACKED = 4L << 30;
    private static final int MOST_BYTES_OF_TEXT = 1 << 20;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SERVICES = "META-INF/services/";
    private static final Pattern READ_WHOLE =
            Pattern.compile(
                    "META-INF/MANIFEST.MF|META-INF/services/[^/]+"
                            + "|(META-INF/versions/\\d+/)?module-info.class");

    /** Look into a jar; what the JDK would read whole is measured first. */
    static JarContent read(Path jar) throws Refused {
        Attributes headers = new Attributes();
        List<Promise> promises = new ArrayList<>();
        boolean modular = false;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            checkSize(zip, jar);
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!READ_WHOLE.matcher(name).matches()) {
                    continue;
                }
                byte[] bytes = bytes(zip, entry, jar);
                if (name.equals(MANIFEST)) {
                    headers = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
                } else if (name.startsWith(SERVICES)) {
                    Promise.listed(name.substring(SERVICES.length()), bytes).forEach(promises::add);
                } else {
                    modular = true;
                }
            }
        } catch (IOException | IllegalArgumentException e) { // the latter for names in no charset
            String why = e instanceof IOException io ? FileProblem.said(io) : Thrown.said(e);
            throw unreadable(jar, "is no jar that can be read: " + why);
        }
        Optional<ModuleDescriptor> module = module(jar, modular);
        if (modular) {
            module.ifPresent(descriptor -> promises.addAll(Promise.declared(descriptor)));
        }
        return new JarContent(jar, headers, module, promises.stream().distinct().toList(), modular);
    }

    private static void checkSize(ZipFile zip, Path jar) throws Refused {
        if (zip.size() > MOST_ENTRIES) {
            throw unreadable(
                    jar,
                    "has " + zip.size() + " entries; more than " + MOST_ENTRIES + " is no jar");
        }
        long unpacked = 0;
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            unpacked += Math.max(0, entries.nextElement().getSize());
        }
        if (unpacked > MOST_BYTES_UNPACKED) {
            throw unreadable(
                    jar,
                    "says that it unpacks to "
                            + (unpacked >> 20)
                            + " MiB; more than "
                            + (MOST_BYTES_UNPACKED >> 20)
                            + " is refused");
        }
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry, Path jar) throws IOException, Refused {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MOST_BYTES_OF_TEXT + 1);
            if (bytes.length > MOST_BYTES_OF_TEXT) {
                throw unreadable(
                        jar,
                        "its "
                                + entry.getName()
                                + " is larger than "
                                + MOST_BYTES_OF_TEXT
                                + " bytes");
            }
            return bytes;
        }
    }

    private static Optional<ModuleDescriptor> module(Path jar, boolean modular) throws Refused {
        try {
            return ModuleFinder.of(jar).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .findFirst();
        } catch (FindException | SecurityException e) {
            if (!modular) {
                return Optional.empty(); // no module can be made of its name or packages
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Refused(
                    Stage.RESOLUTION,
                    jar.getFileName() + ": its module-info makes no sense: " + Thrown.said(cause),
                    "build it again with a JDK of the running release, "
                            + Runtime.version().feature()
                            + ", or earlier");
        }
    }

    private static Refused unreadable(Path jar, String cause) {
        return new Refused(
                Stage.READING,
                jar.getFileName() + " " + cause,
                "build or download it again, and compare its size or digest");
    }

    /** Return a header, without surrounding space; empty where it is missing. */
    String header(String name) {
        String value = headers.getValue(name);
        return value == null ? "" : value.strip();
    }

    /** Return whether it provides something that Vitrail asks for. */
    boolean fitsVitrail() {
        return promises.stream().anyMatch(Promise::ofVitrail);
    }
}
