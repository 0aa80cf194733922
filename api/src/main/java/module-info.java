/**
 * The nouns of Vitrail: what callers use, what plugin authors implement, and the neutral graph that
 * stands between file formats and engines.
 */
@org.jspecify.annotations.NullMarked
module io.vitrail.api {
    requires transitive ai.djl.api;
    requires static transitive org.jspecify;

    exports io.vitrail.api;
    exports io.vitrail.api.graph;
}
