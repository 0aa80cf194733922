/** Colour maps, overlays, grids, sheets, npy and npz. */
@org.jspecify.annotations.NullMarked
module io.vitrail.render {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
