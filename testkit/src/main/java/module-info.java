/** Tiny networks with known answers and contracts that methods, formats and engines must keep. */
@org.jspecify.annotations.NullMarked
module io.vitrail.testkit {
    requires transitive io.vitrail.api;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;
    requires static transitive io.vitrail.render;
    requires java.compiler; // PluginJar
    requires java.management; // Footprint
    requires static org.jspecify;

    exports io.vitrail.testkit;

    // the contracts' tests are not public
    opens io.vitrail.testkit to
            org.junit.platform.commons;

    uses io.vitrail.api.AttributionMethod;
    uses io.vitrail.api.Engine;
    uses io.vitrail.api.ModelFormat;
}
