package io.vitrail.cli;

import com.google.inject.Inject;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Know which Vitrail this is. */
final class Version implements IVersionProvider {
    @Inject
    Version() {}

    /** Return the version that the module carries. */
    static String number() {
        return Optional.ofNullable(Version.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("without a version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "vitrail " + number(),
            "Java "
                    + Runtime.version()
                    + ", "
                    + System.getProperty("os.name")
                    + " "
                    + System.getProperty("os.arch")
        };
    }
}
