package io.vitrail.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;

/** Our jars as bundles in Apache Felix with SPI Fly, on arrays that the host shares. */
class FelixIT {
    private static final Path BUNDLES = Path.of(System.getProperty("vitrail.bundles"));
    private static final String[] METHODS = {
        "activation",
        "deconvnet",
        "grad-cam",
        "gradient",
        "guided-backprop",
        "guided-grad-cam",
        "pre-activation"
    };

    @TempDir private static Path folder;
    private static Framework felix;

    @BeforeAll
    static void start() throws Exception {
        felix =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        folder.resolve("cache").toString(),
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        packagesOfDjl()));
        felix.init();
        install("org.apache.aries.spifly.dynamic.framework.extension.jar");
        felix.start();
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> jars = Files.list(BUNDLES)) {
            for (Path jar : jars.sorted().toList()) {
                if (!jar.getFileName().toString().startsWith("org.apache.aries")) {
                    bundles.add(install(jar.getFileName().toString()));
                }
            }
        }
        bundles.add(felix.getBundleContext().installBundle(caller().toUri().toString()));
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        felix.stop();
        felix.waitForStop(10_000);
    }

    @Test
    void methodsAreInTheRegistry() throws Exception {
        assertThat(answer("registry")).containsExactlyInAnyOrder((Object[]) METHODS);
    }

    @Test
    void aMethodFromTheRegistryExplains() throws Exception {
        assertThat(answer("gradient")).containsExactly(1.0, -2.0, 3.0);
    }

    @Test
    void theFrontDoorFindsTheMethodsOfOtherBundles() throws Exception {
        assertThat(answer("front door")).containsExactlyInAnyOrder((Object[]) METHODS);
    }

    @Test
    void bundlesExportWhatTheirModulesDo() throws IOException {
        int ours = 0;
        for (Bundle bundle : felix.getBundleContext().getBundles()) {
            if (bundle.getEntry("module-info.class") != null
                    && bundle.getSymbolicName().startsWith("io.vitrail.")) {
                ModuleDescriptor module;
                try (InputStream bytes = bundle.getEntry("module-info.class").openStream()) {
                    module = ModuleDescriptor.read(bytes);
                }
                ours++;
                assertThat(bundle.getSymbolicName()).isEqualTo(module.name());
                assertThat(exported(bundle))
                        .as(module.name())
                        .containsExactlyInAnyOrderElementsOf(
                                module.exports().stream()
                                        .map(ModuleDescriptor.Exports::source)
                                        .toList());
            }
        }
        assertThat(ours).isEqualTo(8);
    }

    private static List<Object> exported(Bundle bundle) {
        return bundle
                .adapt(BundleRevision.class)
                .getDeclaredCapabilities(BundleRevision.PACKAGE_NAMESPACE)
                .stream()
                .map(each -> each.getAttributes().get(BundleRevision.PACKAGE_NAMESPACE))
                .toList();
    }

    private static Bundle install(String jar) throws BundleException {
        return felix.getBundleContext().installBundle(BUNDLES.resolve(jar).toUri().toString());
    }

    private static List<Object> answer(String call) throws Exception {
        ServiceReference<?>[] offers =
                felix.getBundleContext()
                        .getServiceReferences(Callable.class.getName(), "(call=" + call + ")");
        Callable<?> offered = (Callable<?>) felix.getBundleContext().getService(offers[0]);
        return List.copyOf((List<?>) offered.call());
    }

    /** DJL's jar is no bundle: the framework exports what the host has. */
    private static String packagesOfDjl() throws IOException, URISyntaxException {
        Path jar =
                Path.of(NDArray.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile djl = new JarFile(jar.toFile())) {
            return djl.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith("ai/djl/") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(","));
        }
    }

    private static Path caller() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "caller");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, Caller.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE,
                "org.osgi.framework,ai.djl.ndarray,ai.djl.ndarray.types,"
                        + "io.vitrail.api,io.vitrail.api.graph,io.vitrail.runtime");
        Path jar = folder.resolve("caller.jar");
        String name = Caller.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                InputStream bytes = Caller.class.getResourceAsStream("/" + name)) {
            entries.putNextEntry(new JarEntry(name));
            bytes.transferTo(entries);
            entries.closeEntry();
        }
        return jar;
    }
}
