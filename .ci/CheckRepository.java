import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Check that a deployed repository is what Maven Central accepts and what can be built from alone.
 *
 * <p>{@code java .ci/CheckRepository.java DIR}; the exit code is 1 where anything is wrong.
 */
final class CheckRepository {
    private static final String GROUP = "io.vitrail";
    private static final String ARCHETYPE = "-archetype";
    // what runs on the class path alone, and is no module: where it describes itself
    private static final Map<String, String> CLASS_PATH =
            Map.of("vitrail-spark", "io/vitrail/spark/package-info");
    private static final XPath XPATH = XPathFactory.newInstance().newXPath();
    private static final List<String> REQUIRED =
            List.of(
                    "name",
                    "description",
                    "url",
                    "licenses/license/name",
                    "licenses/license/url",
                    "developers/developer/name",
                    "scm/url",
                    "scm/connection");
    // what belongs to a build, or leads to other repositories
    private static final List<String> REFUSED =
            List.of(
                    "parent",
                    "build",
                    "profiles",
                    "repositories",
                    "pluginRepositories",
                    "distributionManagement");

    private final Path root;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Document> poms = new TreeMap<>();

    private CheckRepository(Path root) {
        this.root = root;
    }

    public static void main(String[] arguments) throws Exception {
        CheckRepository check = new CheckRepository(Path.of(arguments[0]));
        check.files();
        check.bom();
        check.dependencies();
        check.problems.forEach(System.err::println);
        System.out.printf(
                "%s: %d artifacts, %d problems%n",
                check.root, check.poms.size(), check.problems.size());
        System.exit(check.problems.isEmpty() && !check.poms.isEmpty() ? 0 : 1);
    }

    private void files() throws IOException, XPathExpressionException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        boolean signed = files.stream().anyMatch(file -> file.toString().endsWith(".asc"));
        for (Path file : files) {
            String name = file.getFileName().toString();
            // Maven's own index is not published, and a signature needs no sum
            if (!name.matches(".*\\.(md5|sha1|sha256|sha512|asc)") && !name.startsWith("maven-")) {
                checksum(file, "MD5", ".md5");
                checksum(file, "SHA-1", ".sha1");
                if (signed) {
                    there(Path.of(file + ".asc"));
                }
            }
            if (name.endsWith(".pom")) {
                pom(file);
            }
        }
    }

    private void checksum(Path file, String algorithm, String suffix) throws IOException {
        Path sum = Path.of(file + suffix);
        if (!there(sum)) {
            return;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
            if (!Files.readString(sum).strip().equals(HexFormat.of().formatHex(digest))) {
                wrong(sum, "is not the sum of " + file.getFileName());
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pom(Path file) throws IOException, XPathExpressionException {
        Document pom;
        try {
            pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } catch (SAXException | ParserConfigurationException e) {
            wrong(file, e.getMessage());
            return;
        }
        for (String element : REQUIRED) {
            if (text(pom, "/project/" + element).isBlank()) {
                wrong(file, "has no " + element);
            }
        }
        for (String element : REFUSED) {
            if (all(pom, "/project/" + element).getLength() > 0) {
                wrong(file, "has " + element);
            }
        }
        if (Files.readString(file).contains("${")) {
            wrong(file, "has a property that nobody else knows");
        }
        String artifact = text(pom, "/project/artifactId");
        String version = text(pom, "/project/version");
        Path place = Path.of(GROUP.replace('.', '/'), artifact, version);
        if (!text(pom, "/project/groupId").equals(GROUP)
                || !root.relativize(file).getParent().equals(place)) {
            wrong(file, "says that it is another artifact, " + place);
        }
        poms.put(artifact, pom);
        if (!text(pom, "/project/packaging").equals("pom")) {
            String stem = file.toString().replaceFirst("\\.pom$", "");
            boolean archetype = artifact.endsWith(ARCHETYPE);
            String template = "META-INF/maven/archetype-metadata.xml";
            String described = CLASS_PATH.getOrDefault(artifact, "module-info");
            holds(Path.of(stem + ".jar"), archetype ? template : described + ".class");
            holds(Path.of(stem + "-sources.jar"), archetype ? template : described + ".java");
            holds(Path.of(stem + "-javadoc.jar"), "index.html");
        }
    }

    private void holds(Path jar, String entry) throws IOException {
        if (there(jar)) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                if (zip.getEntry(entry) == null) {
                    wrong(jar, "has no " + entry);
                }
            }
        }
    }

    /** It names everything beside itself, and nothing of ours that is not there. */
    private void bom() throws XPathExpressionException {
        Document bom = poms.get("vitrail-bom");
        if (bom == null) {
            wrong(root, "has no vitrail-bom");
            return;
        }
        Set<String> managed =
                ours(bom, "/project/dependencyManagement/dependencies/dependency");
        Set<String> published = new TreeSet<>(poms.keySet());
        published.remove("vitrail-bom");
        published.removeIf(artifact -> artifact.endsWith(ARCHETYPE)); // nobody depends on it
        if (!managed.equals(published)) {
            wrong(root, "has " + published + "\n  but its bom " + managed);
        }
    }

    private void dependencies() throws XPathExpressionException {
        for (Map.Entry<String, Document> pom : poms.entrySet()) {
            Set<String> absent =
                    ours(pom.getValue(), "/project/dependencies/dependency");
            absent.removeAll(poms.keySet());
            if (!absent.isEmpty()) {
                wrong(root, "has " + pom.getKey() + ", but not what it needs: " + absent);
            }
            if (all(pom.getValue(), "/project/dependencies/dependency[not(version)]").getLength()
                    > 0) {
                wrong(root, "has " + pom.getKey() + ", with a dependency without a version");
            }
        }
    }

    private static Set<String> ours(Document pom, String dependencies)
            throws XPathExpressionException {
        NodeList ids = all(pom, dependencies + "[groupId='" + GROUP + "']/artifactId");
        Set<String> artifacts = new TreeSet<>();
        for (int i = 0; i < ids.getLength(); i++) {
            artifacts.add(ids.item(i).getTextContent());
        }
        return artifacts;
    }

    private boolean there(Path file) {
        if (!Files.isRegularFile(file)) {
            wrong(file, "is not there");
            return false;
        }
        return true;
    }

    private void wrong(Path file, String what) {
        problems.add(file + ": " + what);
    }

    private static String text(Document pom, String path) throws XPathExpressionException {
        return XPATH.evaluate(path, pom);
    }

    private static NodeList all(Document pom, String path) throws XPathExpressionException {
        return (NodeList) XPATH.evaluate(path, pom, XPathConstants.NODESET);
    }
}
