package io.vitrail.api;

/** A method that runs the network several times: SmoothGrad, integrated gradients, occlusion. */
public non-sealed interface ManyPassMethod extends AttributionMethod {
    /** Compute the attribution; once for each target. */
    Attribution attribute(Session session, Request request);
}
