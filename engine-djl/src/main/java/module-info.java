/** Runs graphs on DJL's engines and reads the engines' own files. */
@org.jspecify.annotations.NullMarked
module io.vitrail.engine.djl {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
