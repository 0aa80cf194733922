package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sabotage a runtime: methods that do what a method must not.
 *
 * <p>Whoever runs methods of strangers fits one of these and sees that the error names it, that
 * nothing native stays open, and that the next method runs. Each explains at the input unless it
 * says otherwise; its id is {@code hostile}.
 *
 * <pre>{@code
 * Vitrail vitrail = Vitrail.builder().fit(HostileMethods.returningNull()).open();
 * assertThatThrownBy(() -> vitrail.explain(model, input).with(HostileMethods.ID).run())
 *         .hasMessageContaining("method 'hostile'");
 * }</pre>
 *
 * @see EndlessMethod
 * @see CrankyEngine
 */
public final class HostileMethods {
    /** The id of each of them. */
    public static final String ID = "hostile";

    private HostileMethods() {}

    private record One(
            Place place,
            Function<Request, Probe> probes,
            BiFunction<Pass, Request, Attribution> formula)
            implements OnePassMethod {
        @Override
        public String id() {
            return ID;
        }

        @Override
        public String sentence() {
            return "Does what a method must not.";
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

    private record Many(BiFunction<Session, Request, Attribution> formula)
            implements ManyPassMethod {
        @Override
        public String id() {
            return ID;
        }

        @Override
        public String sentence() {
            return "Does what a method must not, in several passes.";
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

    private static OnePassMethod atInput(BiFunction<Pass, Request, Attribution> formula) {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS, request -> Probe.atInput(), formula);
    }

    /** Throw the real thing, whatever it is: an {@code IOException} too, as other languages may. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable, R> R sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Create a method that throws where it explains, checked exceptions and errors included. */
    public static AttributionMethod throwing(Supplier<? extends Throwable> thrown) {
        return atInput(
                (pass, request) ->
                        HostileMethods.<RuntimeException, Attribution>sneak(thrown.get()));
    }

    /** Create a method that throws where it is asked what its pass must keep. */
    public static AttributionMethod throwingWhenProbed(Supplier<? extends Throwable> thrown) {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS,
                request -> HostileMethods.<RuntimeException, Probe>sneak(thrown.get()),
                (pass, request) -> request.attribution(pass.inputs()));
    }

    /** Create a method of many passes that throws in the midst of one. */
    public static AttributionMethod throwingInAPass(Supplier<? extends Throwable> thrown) {
        return new Many(
                (session, request) -> {
                    session.run(
                            Probe.outputsOnly(),
                            session.inputs(),
                            pass ->
                                    HostileMethods.<RuntimeException, Attribution>sneak(
                                            thrown.get()));
                    return request.attribution(session.inputs());
                });
    }

    /** Create a method whose rule throws on the way back. */
    public static AttributionMethod throwingInARule(Supplier<? extends Throwable> thrown) {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS,
                request ->
                        Probe.outputsOnly()
                                .rule(
                                        ID,
                                        Layer::isRectifier,
                                        step ->
                                                HostileMethods.<RuntimeException, NDArray>sneak(
                                                        thrown.get()))
                                .differentiateAtInput(ID),
                (pass, request) -> request.attribution(pass.gradients(request.target(), ID)));
    }

    /** Create a method that cannot say at which layers its rule stands. */
    public static AttributionMethod throwingWhereARuleStands(Supplier<? extends Throwable> thrown) {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS,
                request ->
                        Probe.outputsOnly()
                                .rule(
                                        ID,
                                        layer ->
                                                HostileMethods.<RuntimeException, Boolean>sneak(
                                                        thrown.get()),
                                        step -> step.plain(step.gradient()))
                                .differentiateAtInput(ID),
                (pass, request) -> request.attribution(pass.gradients(request.target(), ID)));
    }

    /** Create a method that throws where it changes a layer's output, within the pass forward. */
    public static AttributionMethod throwingInAReplacement(Supplier<? extends Throwable> thrown) {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS,
                request ->
                        Probe.outputsOnly()
                                .replace(
                                        request.layers().iterator().next(),
                                        array ->
                                                HostileMethods.<RuntimeException, NDArray>sneak(
                                                        thrown.get())),
                (pass, request) -> request.attribution(pass.inputs()));
    }

    /** Create a method that calls itself without end. */
    public static AttributionMethod recursing() {
        return atInput((pass, request) -> request.attribution(deeper(pass.inputs(), 0)));
    }

    private static NDList deeper(NDList list, int depth) {
        NDList found = deeper(list, depth + 1);
        return depth < 0 ? list : found;
    }

    /** Create a method that has no probe. */
    public static AttributionMethod probingNothing() {
        return new One(
                AttributionMethod.Place.INPUT_OR_LAYERS,
                request -> HostileMethods.<Probe>nothing(),
                (pass, request) -> request.attribution(pass.inputs()));
    }

    /** Create a method that returns null. */
    public static AttributionMethod returningNull() {
        return atInput((pass, request) -> HostileMethods.<Attribution>nothing());
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static <T> T nothing() {
        return new LinkedHashMap<String, T>().get("");
    }

    /** Create a method that returns no map at all. */
    public static AttributionMethod returningNoMap() {
        return atInput((pass, request) -> Attribution.of(ID, Map.of()));
    }

    /** Create a method that answers in another's name. */
    public static AttributionMethod returningInAnotherName() {
        return atInput(
                (pass, request) ->
                        Attribution.of("gradient", request.attribution(pass.inputs()).parts()));
    }

    /** Create a method that returns a map at a layer that nobody asked for, beside the input's. */
    public static AttributionMethod returningAnUnaskedLayer() {
        return atInput(
                (pass, request) ->
                        request.attribution(pass.inputs())
                                .and(
                                        request.attribution(
                                                request.layers().iterator().next(),
                                                pass.inputs().head())));
    }

    /** Create a method that returns seven items, whatever it was asked. */
    public static AttributionMethod returningAWrongShape() {
        return atInput(
                (pass, request) ->
                        Attribution.of(
                                ID,
                                Map.of(
                                        Attribution.Part.input(
                                                request.layers().inputs().get(0).name()),
                                        Values.of(new float[7], Axes.NONE, 7))));
    }

    /** Create a method that returns NaN for its first value and infinity for its last. */
    public static AttributionMethod returningNaN() {
        return atInput(
                (pass, request) -> {
                    Values input = Values.copyOf(pass.inputs().head(), Axes.NONE);
                    float[] wrong = input.toFloats();
                    wrong[0] = Float.NaN;
                    wrong[wrong.length - 1] = Float.POSITIVE_INFINITY;
                    return Attribution.of(
                            ID,
                            Map.of(
                                    Attribution.Part.input(request.layers().inputs().get(0).name()),
                                    Values.of(wrong, input.axes(), input.shape())));
                });
    }

    /** Create a method that closes the array that it returns. */
    public static AttributionMethod returningAClosedArray() {
        return atInput(
                (pass, request) -> {
                    NDArray closed = pass.inputs().head().duplicate();
                    closed.close();
                    return request.attribution(closed);
                });
    }

    /** Create a method that feeds the network something of another shape. */
    public static AttributionMethod feedingAWrongShape() {
        return new Many(
                (session, request) -> {
                    NDArray wrong = session.manager().zeros(new Shape(1, 1, 1));
                    session.run(Probe.atInput(), new NDList(wrong), pass -> {});
                    return request.attribution(wrong);
                });
    }

    /** Create a method that closes the pass, and one call of it that uses the pass afterwards. */
    public static AttributionMethod closingThePass() {
        return atInput(
                (pass, request) -> {
                    pass.close();
                    return request.attribution(pass.inputs());
                });
    }

    /** Create a method that keeps the pass of a session and uses it when it is closed. */
    public static AttributionMethod keepingAPass() {
        return new Many(
                (session, request) -> {
                    List<Pass> kept = new ArrayList<>();
                    session.run(Probe.atInput(), session.inputs(), kept::add);
                    return request.attribution(kept.get(0).inputs());
                });
    }

    /** Create a method that leaves arrays open on its session, and a manager below it. */
    public static AttributionMethod leakingArrays(int number) {
        return new Many(
                (session, request) -> {
                    NDManager below = session.manager().newSubManager();
                    for (int i = 0; i < number; i++) {
                        session.manager().ones(new Shape(1000));
                        below.ones(new Shape(1000));
                    }
                    return request.attribution(session.inputs());
                });
    }

    /**
     * Create a method that keeps memory of Java's beyond its end.
     *
     * @param store where it is kept
     * @param mebibytes how much
     */
    public static AttributionMethod hoarding(List<byte[]> store, int mebibytes) {
        return new Many(
                (session, request) -> {
                    for (int i = 0; i < mebibytes; i++) {
                        store.add(new byte[1 << 20]);
                    }
                    return request.attribution(session.inputs());
                });
    }

    /**
     * Create a method that keeps native memory beyond its end, on a manager of its own.
     *
     * @param store the managers that it leaves open
     * @param mebibytes how much
     */
    public static AttributionMethod hoardingNatively(List<NDManager> store, int mebibytes) {
        return new Many(
                (session, request) -> {
                    NDManager own =
                            session.inputs().head().getManager().getEngine().newBaseManager();
                    store.add(own);
                    for (int i = 0; i < mebibytes; i++) {
                        own.ones(new Shape(1 << 18));
                    }
                    return request.attribution(session.inputs());
                });
    }
}
