package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.AttributionMethod;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** Know the version of Vitrail's api as it runs here. */
final class ApiVersion {
    static final String MODULE = "io.vitrail.api";

    private ApiVersion() {}

    /** Return it as the api's module says, on the class path too; empty where that is not known. */
    static Optional<ModuleDescriptor.Version> here() {
        ModuleDescriptor descriptor = AttributionMethod.class.getModule().getDescriptor();
        if (descriptor != null) {
            return descriptor.version();
        }
        CodeSource from = AttributionMethod.class.getProtectionDomain().getCodeSource();
        if (from == null || from.getLocation() == null) {
            return Optional.empty();
        }
        try {
            Path jar = Path.of(from.getLocation().toURI());
            return ModuleFinder.of(jar)
                    .find(MODULE)
                    .map(ModuleReference::descriptor)
                    .flatMap(ModuleDescriptor::version);
        } catch (URISyntaxException
                | IllegalArgumentException
                | FileSystemNotFoundException
                | FindException e) {
            return Optional.empty(); // a place of some container's own
        }
    }
}
