/** The command line. */
@org.jspecify.annotations.NullMarked
module io.vitrail.cli {
    requires io.vitrail.runtime;
    requires static org.jspecify;
}
