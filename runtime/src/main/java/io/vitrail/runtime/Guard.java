package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Run the code of methods so that one that never returns holds nobody up.
 *
 * <p>Without a deadline it runs on the caller's thread. With one it runs on a daemon thread, which
 * is abandoned when the time is over: its session, pass and arrays then refuse every call, and what
 * is native is freed as soon as no call of that thread is inside of it.
 */
final class Guard implements AutoCloseable {
    private final @Nullable Duration deadline;
    private final Gate gate = new Gate();
    private final GatedArrays gated = new GatedArrays(gate);
    private final Map<String, Long> spent = new HashMap<>();
    private @Nullable ExecutorService worker;

    Guard(@Nullable Duration deadline) {
        this.deadline = deadline;
    }

    /** Begin a batch: each method has its whole time again. */
    void begin() {
        spent.clear();
    }

    /**
     * Return what a method's code returns.
     *
     * @throws VitrailException of kind {@code FAILURE} if it fails, or is late
     */
    <T> T call(Job job, Supplier<T> work) {
        if (deadline == null) {
            return job.contained(work);
        }
        String method = job.method().id();
        long start = System.nanoTime();
        long left = deadline.toNanos() - spent.getOrDefault(method, 0L);
        Future<T> answer =
                worker().submit(
                                () -> {
                                    Thread.currentThread().setName("vitrail-method-" + method);
                                    return job.contained(work);
                                });
        try {
            return answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abandon();
            throw late(job, e);
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while " + job.who() + " ran");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            spent.merge(method, System.nanoTime() - start, Long::sum);
        }
    }

    private VitrailException late(Job job, TimeoutException e) {
        return new VitrailException(
                VitrailException.Kind.FAILURE,
                job.who()
                        + " did not end within "
                        + said(deadline)
                        + " on "
                        + job.layers().model()
                        + "\n  it was given up; its thread may still run, but reaches no session, pass"
                        + " or array any more\n  do:  give it a longer deadline, or fewer items at"
                        + " once",
                e);
    }

    /** Return a duration as {@code --deadline} takes it. */
    static String said(@Nullable Duration time) {
        long millis = time == null ? 0 : time.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** What a job lets out is unchecked. */
    private static RuntimeException rethrown(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException known) {
            return known;
        }
        throw (Error) thrown;
    }

    private ExecutorService worker() {
        ExecutorService running = worker;
        if (running == null) {
            running =
                    Executors.newSingleThreadExecutor(
                            work -> {
                                Thread thread = new Thread(work, "vitrail-method");
                                thread.setDaemon(true);
                                return thread;
                            });
            worker = running;
        }
        return running;
    }

    private void abandon() {
        gate.shut();
        close(); // interrupts it: a method that sleeps or waits ends at once
    }

    /** Do native work for a method; refused once the method is given up. */
    <T> T inside(Supplier<T> work) {
        return deadline == null ? work.get() : gate.through(work);
    }

    /** Return a pass that is closed by {@link #free}, or when a method is given up. */
    Pass opened(Supplier<Pass> work) {
        return inside(
                () -> {
                    Pass pass = work.get();
                    gate.keep(pass, pass::close);
                    return pass;
                });
    }

    /** Return the manager, which is closed by {@link #free}, or when a method is given up. */
    NDManager opened(NDManager manager) {
        gate.keep(manager, manager::close);
        return manager;
    }

    /** Close what was opened, at once or as soon as nobody works in it. */
    void free(Object opened) {
        gate.free(opened);
    }

    /** Return a pass as a method may see it. */
    Pass seen(Pass pass) {
        return deadline == null ? pass : new GatedPass(pass, gated);
    }

    /** Return arrays as a method may see them. */
    NDList seen(NDList arrays) {
        return deadline == null ? arrays : gated.of(arrays);
    }

    /** Return a manager as a method may see it. */
    NDManager seen(NDManager manager) {
        return deadline == null ? manager : gated.ofManager(manager);
    }

    /** Return arrays of a method's as the engine needs them. */
    NDList bare(NDList arrays) {
        return deadline == null ? arrays : GatedArrays.bare(arrays);
    }

    /** Return arrays that no owner of theirs closes while an abandoned thread reads them. */
    NDList owned(NDList arrays, NDManager manager) {
        if (deadline == null) {
            return arrays;
        }
        NDList copies = new NDList(arrays.size());
        for (NDArray array : arrays) {
            NDArray copy = array.duplicate();
            copy.attach(manager);
            copies.add(copy);
        }
        return copies;
    }

    /** Return a probe whose replacements get arrays as the method may see them. */
    Probe seen(Probe probe) {
        if (deadline == null || probe.replacements().isEmpty()) {
            return probe;
        }
        Map<Layer, UnaryOperator<NDArray>> seen = new LinkedHashMap<>();
        probe.replacements()
                .forEach(
                        (layer, function) ->
                                seen.put(
                                        layer,
                                        array ->
                                                GatedArrays.bare(function.apply(gated.of(array)))));
        return new Probe(probe.outputs(), probe.inputs(), probe.sweeps(), seen, probe.read());
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.shutdownNow();
        }
    }
}
