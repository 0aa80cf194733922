/** Activations and pre-activations. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.preact {
    requires transitive io.vitrail.api;
    requires static org.jspecify;

    provides io.vitrail.api.AttributionMethod with
            io.vitrail.method.preact.Activation,
            io.vitrail.method.preact.PreActivation;
}
