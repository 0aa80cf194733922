/** The command line. */
@org.jspecify.annotations.NullMarked
module io.vitrail.cli {
    requires com.google.gson;
    requires com.google.guice;
    requires static com.sun.jna;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires io.vitrail.demo;
    requires io.vitrail.render;
    requires io.vitrail.runtime;
    requires jakarta.inject;
    requires java.management;
    requires jdk.management;
    requires static org.jspecify;

    uses io.vitrail.api.Engine;
    uses io.vitrail.render.ColourMap;

    opens io.vitrail.cli to
            com.google.guice,
            info.picocli;
}
