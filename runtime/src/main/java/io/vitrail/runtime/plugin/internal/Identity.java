package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin.Need;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a plugin is: what its manifest says, else its module, else its file.
 *
 * @param compiledAgainst the api's version, of {@code requires io.vitrail.api}; empty if unknown
 * @param declared whether it calls itself a plugin of Vitrail
 */
record Identity(
        String id,
        String version,
        String vendor,
        String apiRange,
        String compiledAgainst,
        List<Need> needs,
        boolean declared) {
    private static final String ID = "Vitrail-Plugin-Id";
    private static final String VERSION = "Vitrail-Plugin-Version";
    private static final String VENDOR = "Vitrail-Plugin-Vendor";
    private static final String API = "Vitrail-Api";
    private static final String NEEDS = "Vitrail-Plugin-Needs";
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern FILE =
            Pattern.compile("(.+?)(?:-(\\d+(?:[.]\\d+)*(?:[-.+]\\w+)*))?[.]jar");

    /** Return what is known of a plugin before any jar of it is understood. */
    static Identity ofFile(Path source) {
        String name = source.getFileName().toString();
        Matcher jar = FILE.matcher(name);
        boolean parts = jar.matches();
        return new Identity(
                tidy(parts ? jar.group(1) : name),
                parts && jar.group(2) != null ? jar.group(2) : "",
                "",
                "",
                "",
                List.of(),
                false);
    }

    /** Return who a plugin is. */
    static Identity of(Path source, List<JarContent> jars) throws Refused {
        JarContent main = main(source, jars);
        boolean named =
                jars.size() == 1
                        || !main.header(ID).isEmpty()
                        || jars.stream().filter(JarContent::fitsVitrail).count() == 1;
        Identity file = ofFile(named ? main.jar() : source);
        Optional<ModuleDescriptor> module =
                main.module().filter(descriptor -> main.modular() || !automatic(main).isEmpty());
        String id =
                named
                        ? first(
                                main.header(ID),
                                module.map(ModuleDescriptor::name).orElse(""),
                                main.header("Bundle-SymbolicName").replaceFirst(";.*", ""),
                                file.id)
                        : file.id;
        String version =
                first(
                        main.header(VERSION),
                        module.flatMap(ModuleDescriptor::rawVersion).orElse(""),
                        main.header("Implementation-Version"),
                        main.header("Bundle-Version"),
                        file.version);
        String vendor =
                first(
                        main.header(VENDOR),
                        main.header("Implementation-Vendor"),
                        main.header("Bundle-Vendor"));
        check(
                ID,
                id,
                "letters, digits, '.', '_' and '-', 100 at most",
                WELL_FORMED.asMatchPredicate());
        if (!main.header(VERSION).isEmpty()) {
            check(VERSION, version, "1.2.3 or 1.2.3-beta", Identity::isVersion);
        }
        if (!main.header(API).isEmpty()) {
            check(API, main.header(API), "[0.1,1)", Identity::isRange);
        }
        return new Identity(
                id,
                version,
                vendor,
                main.header(API),
                compiled(jars),
                needs(main.header(NEEDS)),
                !main.header(ID).isEmpty());
    }

    /** The jar that says who it is; else the first, by name, that has something for Vitrail. */
    private static JarContent main(Path source, List<JarContent> jars) throws Refused {
        List<JarContent> saying = jars.stream().filter(jar -> !jar.header(ID).isEmpty()).toList();
        if (saying.size() > 1) {
            throw new Refused(
                    Stage.HEADERS,
                    "the folder holds several plugins: "
                            + String.join(
                                    ", ", saying.stream().map(jar -> jar.header(ID)).toList()),
                    "put each into a folder of its own below "
                            + source.toAbsolutePath().getParent());
        }
        return saying.stream()
                .findFirst()
                .or(() -> jars.stream().filter(JarContent::fitsVitrail).findFirst())
                .orElse(jars.get(0));
    }

    private static String automatic(JarContent jar) {
        return jar.header("Automatic-Module-Name");
    }

    private static String compiled(List<JarContent> jars) {
        return jars.stream()
                .filter(JarContent::modular)
                .flatMap(jar -> jar.module().stream())
                .flatMap(module -> module.requires().stream())
                .filter(requires -> requires.name().equals(ApiVersion.MODULE))
                .flatMap(requires -> requires.rawCompiledVersion().stream())
                .findFirst()
                .orElse("");
    }

    /** {@code id;version=[1,2), other}: a comma inside brackets belongs to the range. */
    private static List<Need> needs(String header) throws Refused {
        List<Need> needs = new ArrayList<>();
        for (String part : header.split(",(?![^\\[(]*[\\])])")) {
            if (part.isBlank()) {
                continue;
            }
            String[] words = part.strip().split("\\s*;\\s*version\\s*=\\s*", 2);
            String range = words.length == 1 ? "" : words[1].replace("\"", "").strip();
            check(NEEDS, words[0], "ID;version=[1,2), ID, ...", WELL_FORMED.asMatchPredicate());
            if (!range.isEmpty()) {
                check(NEEDS, range, "ID;version=[1,2), ID, ...", Identity::isRange);
            }
            needs.add(new Need(words[0], range));
        }
        return needs;
    }

    private static void check(String header, String value, String form, Predicate<String> sound)
            throws Refused {
        if (!sound.test(value)) {
            throw new Refused(
                    Stage.HEADERS,
                    header + " '" + value + "' makes no sense",
                    "let the manifest say " + header + ": " + form);
        }
    }

    private static boolean isRange(String text) {
        try {
            VersionRange.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isVersion(String text) {
        return parsed(text).isPresent();
    }

    static Optional<Version> parsed(String version) {
        try {
            return Optional.of(Version.parse(version));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Return the version to compare by; what is none counts as the lowest. */
    Version comparable() {
        return parsed(version).orElse(Version.parse("0"));
    }

    private static String tidy(String name) {
        String tidy = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return tidy.isEmpty() ? "plugin" : tidy.substring(0, Math.min(100, tidy.length()));
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }
}
