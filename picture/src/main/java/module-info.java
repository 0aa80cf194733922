/** Reads pictures, resamples and preprocesses them as the Python libraries do. */
@org.jspecify.annotations.NullMarked
module io.vitrail.picture {
    requires transitive io.vitrail.api;
    requires transitive java.desktop;
    requires static org.jspecify;

    exports io.vitrail.picture;
}
