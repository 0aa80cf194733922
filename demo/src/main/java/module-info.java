/** The embedded scenes, network and picture. */
@org.jspecify.annotations.NullMarked
module io.vitrail.demo {
    requires transitive io.vitrail.api;
    requires transitive java.desktop;
    requires static org.jspecify;

    exports io.vitrail.demo;
}
