/** Grad-CAM and guided Grad-CAM. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.gradcam {
    requires transitive io.vitrail.api;
    requires static org.jspecify;
}
