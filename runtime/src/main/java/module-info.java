/** Finds methods, formats and engines, and explains. */
@org.jspecify.annotations.NullMarked
module io.vitrail.runtime {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
