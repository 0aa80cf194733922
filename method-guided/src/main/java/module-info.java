/** Gradient, guided backpropagation and deconvnet. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.guided {
    requires transitive io.vitrail.api;
    requires static org.jspecify;

    provides io.vitrail.api.AttributionMethod with
            io.vitrail.method.guided.Gradient,
            io.vitrail.method.guided.GuidedBackprop,
            io.vitrail.method.guided.Deconvnet;
}
