/** Activations and pre-activations of any layers. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.preact {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
