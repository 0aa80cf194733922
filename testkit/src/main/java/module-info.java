/** Tiny networks with known answers and contracts that methods, formats and engines must keep. */
@org.jspecify.annotations.NullMarked
module io.vitrail.testkit {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
