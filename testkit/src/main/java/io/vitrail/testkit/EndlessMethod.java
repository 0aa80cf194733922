package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sabotage a runtime with a method that does not return by itself and hears no interrupt.
 *
 * <p>What ends it is {@link #release}, or an exception that its session or arrays throw: see {@link
 * #ended}. A test releases it at its end, or its thread runs on.
 */
public final class EndlessMethod implements ManyPassMethod {
    /** What it does without end. */
    public enum Deed {
        /** Turn in a circle, in Java. */
        SPIN,
        /** Compute with its arrays. */
        COMPUTE,
        /** Run the network. */
        RUN_PASSES,
        /** Turn in a circle while a pass of its session is open. */
        SPIN_IN_A_PASS
    }

    private final Deed deed;
    private final AtomicBoolean released = new AtomicBoolean();
    private final CompletableFuture<Throwable> refused = new CompletableFuture<>();
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();

    public EndlessMethod(Deed deed) {
        this.deed = deed;
    }

    @Override
    public String id() {
        return HostileMethods.ID;
    }

    @Override
    public String sentence() {
        return "Never returns.";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public Attribution attribute(Session session, Request request) {
        thread.complete(Thread.currentThread());
        try {
            NDArray array = session.inputs().head().duplicate();
            array.attach(session.manager());
            switch (deed) {
                case SPIN -> spin();
                case COMPUTE -> compute(array);
                case RUN_PASSES -> {
                    while (!released.get()) {
                        session.run(Probe.atInput(), session.inputs(), pass -> {});
                    }
                }
                case SPIN_IN_A_PASS ->
                        session.run(Probe.atInput(), session.inputs(), pass -> spin());
            }
            return request.attribution(new NDList(array.neg())); // refused, if it was given up
        } catch (RuntimeException e) {
            refused.complete(e);
            throw e;
        }
    }

    private void spin() {
        while (!released.get()) {
            Thread.onSpinWait();
        }
    }

    private void compute(NDArray array) {
        while (!released.get()) {
            array.add(1).close();
        }
    }

    /** Let it come to its end. */
    public void release() {
        released.set(true);
    }

    /** Return the thread that it runs on, once it does. */
    public CompletableFuture<Thread> thread() {
        return thread;
    }

    /** Return what its session, pass or array threw at last. */
    public CompletableFuture<Throwable> ended() {
        return refused;
    }
}
