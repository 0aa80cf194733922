/** Grad-CAM and guided Grad-CAM. */
@org.jspecify.annotations.NullMarked
module io.vitrail.method.gradcam {
    requires transitive io.vitrail.api;
    requires static org.jspecify;

    provides io.vitrail.api.AttributionMethod with
            io.vitrail.method.gradcam.GradCam,
            io.vitrail.method.gradcam.GuidedGradCam;
}
