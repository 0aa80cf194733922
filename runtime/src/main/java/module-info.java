/** Finds methods, formats and engines, and explains. */
@org.jspecify.annotations.NullMarked
module io.vitrail.runtime {
    requires transitive io.vitrail.api;
    requires transitive io.vitrail.picture;
    requires com.google.gson;
    requires java.management;
    requires static org.jspecify;

    exports io.vitrail.runtime;
    exports io.vitrail.runtime.plugin;

    uses io.vitrail.api.AttributionMethod;
    uses io.vitrail.api.BlockFormat;
    uses io.vitrail.api.Engine;
    uses io.vitrail.api.ModelFormat;
    uses io.vitrail.api.TargetForm;
}
