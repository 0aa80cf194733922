/** Colour maps, overlays, grids, sheets, npy and npz. */
@org.jspecify.annotations.NullMarked
module io.vitrail.render {
    requires transitive io.vitrail.api;
    requires transitive io.vitrail.picture;
    requires transitive java.desktop;
    requires com.google.gson;
    requires static org.jspecify;

    exports io.vitrail.render;
}
