/** Gradient, guided backpropagation and deconvnet. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.guided {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
