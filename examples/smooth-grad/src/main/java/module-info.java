/** Smooths any method of attribution by noise. */
module org.example.smoothgrad {
    requires io.vitrail.api;

    provides io.vitrail.api.AttributionMethod with
            org.example.smoothgrad.SmoothGrad;
}
