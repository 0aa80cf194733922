package io.vitrail.api;

import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Place a backward rule at every rectifier: the sweep that guided backpropagation, deconvnet and
 * guided Grad-CAM share.
 *
 * <p>Two sweeps with the same settings are equal, rules included, so the probes of several methods
 * merge and an engine runs the way back once.
 *
 * @param name of the sweep in a {@link Probe}; sweeps of different rules have different names
 * @param rules where they stand, the first that matches a layer wins
 */
public record RectifierSweep(String name, List<Probe.Placed> rules) {

    /** Whether the rule also stands at smooth activations. */
    public static final Option<Boolean> SMOOTH =
            Option.flag(
                    "smooth",
                    false,
                    "Let the rule also stand at smooth activations: GELU, SiLU, ELU, tanh, ...");

    /** What becomes of the part below zero of a leaky rectifier. */
    public static final Option<String> LEAKY =
            Option.choice(
                    "leaky",
                    List.of("keep", "zero"),
                    "Keep the slope of leaky ReLU and PReLU below zero, or let nothing pass there,"
                            + " as in a ReLU.");

    // one object each: equal probes need equal predicates and rules
    private static final Predicate<Layer> RECTIFIERS = Layer::isRectifier;
    private static final Predicate<Layer> ACTIVATIONS =
            layer -> layer.isRectifier() || layer.isSmoothActivation();
    private static final Predicate<Layer> LEAKY_RECTIFIERS =
            layer ->
                    layer.operator() instanceof Operator.LeakyRelu
                            || layer.operator() instanceof Operator.Prelu;

    public RectifierSweep {
        rules = List.copyOf(rules);
    }

    /**
     * Create the sweep of guided backpropagation, with the request's {@link #SMOOTH} and {@link
     * #LEAKY}.
     *
     * @throws VitrailException if the network has no layer at which the rule would stand
     */
    public static RectifierSweep guided(Request request) {
        boolean zero = request.option(LEAKY).equals("zero");
        List<Probe.Placed> rules = new ArrayList<>();
        if (zero) {
            rules.add(new Probe.Placed(LEAKY_RECTIFIERS, BackwardRule.GUIDED_GATED));
        }
        return of(zero ? "guided leaky=zero" : "guided", rules, BackwardRule.GUIDED, request);
    }

    /**
     * Create the sweep of deconvnet, with the request's {@link #SMOOTH}.
     *
     * @throws VitrailException if the network has no layer at which the rule would stand
     */
    public static RectifierSweep deconvnet(Request request) {
        return of("deconvnet", List.of(), BackwardRule.DECONVNET, request);
    }

    private static RectifierSweep of(
            String name, List<Probe.Placed> before, BackwardRule rule, Request request) {
        boolean smooth = request.option(SMOOTH);
        Predicate<Layer> where = smooth ? ACTIVATIONS : RECTIFIERS;
        if (request.layers().matching(where).isEmpty()) {
            throw VitrailException.failure(nowhere(request, smooth));
        }
        List<Probe.Placed> rules = new ArrayList<>(before);
        rules.add(new Probe.Placed(where, rule));
        return new RectifierSweep(smooth ? name + " smooth=true" : name, rules);
    }

    private static String nowhere(Request request, boolean smooth) {
        String where =
                request.layers().model()
                        + ": "
                        + request.method()
                        + " has no "
                        + (smooth ? "activation" : "rectifier")
                        + " to put its rule at; the result would be the plain gradient";
        List<Layer> others = request.layers().matching(Layer::isSmoothActivation);
        if (others.isEmpty()) {
            return where
                    + (smooth ? "" : ", and smooth=true finds no smooth activation either")
                    + "\n  instead: -m gradient";
        }
        return where
                + "\n  smooth:  "
                + others.stream().limit(5).map(Layer::toString).collect(Collectors.joining(", "))
                + (others.size() > 5 ? ", and " + (others.size() - 5) + " more" : "")
                + "\n  instead: -s smooth=true lets the rule stand there; -m gradient has no rule";
    }

    /** Return a probe with this sweep's rules added; where it differentiates is the caller's. */
    public Probe addTo(Probe probe) {
        Probe with = probe;
        for (Probe.Placed placed : rules) {
            with = with.rule(name, placed.where(), placed.rule());
        }
        return with;
    }
}
