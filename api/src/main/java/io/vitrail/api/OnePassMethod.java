package io.vitrail.api;

/**
 * A method that needs one run of the network.
 *
 * <p>The runtime merges the probes of all such methods on one input and runs once.
 */
public non-sealed interface OnePassMethod extends AttributionMethod {
    /** Return what the pass must keep and where it must differentiate. */
    Probe probe(Request request);

    /**
     * Compute the attribution; once for each target.
     *
     * @param pass a pass over at least what {@link #probe} asked for; not to be closed here
     */
    Attribution attribute(Pass pass, Request request);
}
