/** Reads what Keras writes, {@code .h5} and {@code .keras}, into graphs. */
@org.jspecify.annotations.NullMarked
module io.vitrail.format.keras {
    requires transitive io.vitrail.api;
    requires com.google.gson;
    requires com.ning.compress.lzf; // this and the next two for jhdf, which cannot say so itself
    requires org.apache.commons.lang3;
    requires org.slf4j;
    requires io.jhdf;
    requires io.vitrail.archive;
    requires static org.jspecify;

    exports io.vitrail.format.keras;

    uses io.vitrail.format.keras.KerasLayer;

    provides io.vitrail.api.ModelFormat with
            io.vitrail.format.keras.KerasFormat;
}
