package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Methods that tests put together from a probe and a formula. */
final class FakeMethods {
    private FakeMethods() {}

    record One(
            String id,
            Place place,
            boolean usesTarget,
            List<Option<?>> options,
            Function<Request, Probe> probes,
            BiFunction<Pass, Request, Attribution> formula)
            implements OnePassMethod {
        @Override
        public String sentence() {
            return "Test.";
        }

        @Override
        public Probe probe(Request request) {
            return probes.apply(request);
        }

        @Override
        public Attribution attribute(Pass pass, Request request) {
            return formula.apply(pass, request);
        }
    }

    record Many(String id, BiFunction<Session, Request, Attribution> formula)
            implements ManyPassMethod {
        @Override
        public String sentence() {
            return "Test.";
        }

        @Override
        public Place place() {
            return Place.INPUT_OR_LAYERS;
        }

        @Override
        public Attribution attribute(Session session, Request request) {
            return formula.apply(session, request);
        }
    }

    static final Option<Boolean> NEGATE = Option.flag("negate", false, "Turn the sign.");

    /** The plain gradient, times -1 if asked. */
    static One gradient() {
        return new One(
                "fake-gradient",
                io.vitrail.api.AttributionMethod.Place.INPUT_OR_LAYERS,
                true,
                List.of(NEGATE),
                request -> Probe.atInput(),
                (pass, request) -> {
                    NDArray gradient = pass.gradient(request.target());
                    return request.attribution(request.option(NEGATE) ? gradient.neg() : gradient);
                });
    }

    /** The sum of the channels of a layer. */
    static One sumOfChannels(String id) {
        return new One(
                id,
                io.vitrail.api.AttributionMethod.Place.SPATIAL_LAYERS,
                true,
                List.of(),
                request -> Probe.keeping(request.chosen()),
                (pass, request) -> {
                    Map<Layer, NDArray> maps = new LinkedHashMap<>();
                    request.chosen()
                            .forEach(
                                    layer ->
                                            maps.put(
                                                    layer,
                                                    pass.output(layer)
                                                            .sum(new int[] {layer.channelAxis()})));
                    return request.attribution(maps);
                });
    }

    /** A layer's output, for no target. */
    static One activation() {
        return new One(
                "fake-activation",
                io.vitrail.api.AttributionMethod.Place.LAYERS,
                false,
                List.of(),
                request -> Probe.keeping(request.chosen()),
                (pass, request) -> {
                    Map<Layer, NDArray> maps = new LinkedHashMap<>();
                    request.chosen().forEach(layer -> maps.put(layer, pass.output(layer)));
                    return request.attribution(maps);
                });
    }

    /** A sweep of its own rules; the map is the number of rules that it sees, on the input. */
    static One ruled(String id, String sweep, BackwardRule... rules) {
        return new One(
                id,
                io.vitrail.api.AttributionMethod.Place.INPUT_OR_LAYERS,
                true,
                List.of(),
                request -> {
                    Probe probe = Probe.outputsOnly();
                    for (BackwardRule rule : rules) {
                        probe = probe.rule(sweep, layer -> true, rule);
                    }
                    return probe.differentiateAtInput(sweep);
                },
                (pass, request) ->
                        request.attribution(
                                pass.inputs().head().zerosLike().add(pass.rulesAt(sweep))));
    }

    /** The plain gradient through a session, of the input and of a copy without its sign. */
    static Many twice() {
        return new Many(
                "fake-twice",
                (session, request) -> {
                    NDArray input = session.inputs().head();
                    NDArray both = input.concat(input.neg());
                    both.attach(session.manager());
                    NDArray[] sum = {input.zerosLike()};
                    session.run(
                            Probe.atInput(),
                            new NDList(both),
                            pass -> {
                                NDArray part =
                                        pass.gradient(request.target()).sum(new int[] {0}, true);
                                sum[0] = sum[0].add(part);
                            });
                    session.progress(1, 1);
                    return request.attribution(sum[0].add(session.random().nextInt(1000) * 0));
                });
    }
}
