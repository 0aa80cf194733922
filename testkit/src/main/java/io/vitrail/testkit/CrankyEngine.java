package io.vitrail.testkit;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sabotage an engine: fail at one call, and count the native arrays that are left.
 *
 * <p>A caller of an engine, such as a method or a runtime, must close what it opened whatever
 * fails. Let each call fail in turn:
 *
 * <pre>{@code
 * for (int call = 1; ; call++) {
 *     CrankyEngine engine = new CrankyEngine(TestModels.engine(), call);
 *     try (Model model = engine.load(network, Settings.defaults())) {
 *         explain(model);
 *     } catch (EngineException e) { ... }
 *     assertThat(engine.openArrays()).isZero();
 *     if (!engine.failed()) {
 *         break; // there are no more calls than that
 *     }
 * }
 * }</pre>
 *
 * <p>Calls are those of {@link Model} and {@link io.vitrail.api.Pass} that work natively, and each
 * rule, target and replacement that the engine calls back is left alone. What the engine does
 * inside of one call is its own to test.
 */
public final class CrankyEngine implements Engine {
    private final Engine engine;
    private final int failing;
    private final List<NDManager> managers = new ArrayList<>();
    private int calls;
    private boolean failed;

    /**
     * Create an engine that fails once.
     *
     * @param engine does the work
     * @param failing the call that fails, counted from 1; 0 for none
     */
    public CrankyEngine(Engine engine, int failing) {
        this.engine = engine;
        this.failing = failing;
    }

    /** Return how many calls were made, the one that failed included. */
    public synchronized int calls() {
        return calls;
    }

    /** Return whether the call that fails was made. */
    public synchronized boolean failed() {
        return failed;
    }

    /**
     * Return the number of native arrays in passes and managers that were opened through this
     * engine and not closed.
     */
    public synchronized int openArrays() {
        return managers.stream()
                .filter(NDManager::isOpen)
                .mapToInt(manager -> manager.getManagedArrays().size())
                .sum();
    }

    /** Return the number of passes and managers that were not closed, empty ones included. */
    public synchronized int openManagers() {
        return (int) managers.stream().filter(NDManager::isOpen).count();
    }

    /** Count a call, and fail if it is the one. */
    synchronized void call(String what) {
        if (++calls == failing) {
            failed = true;
            throw new EngineException("call " + calls + ", " + what + ", was made to fail");
        }
    }

    /** Watch a manager until it is closed. */
    synchronized NDManager watch(NDManager manager) {
        managers.add(manager);
        return manager;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public String missing() {
        return engine.missing();
    }

    @Override
    public String version() {
        return engine.version();
    }

    @Override
    public Map<String, String> details() {
        return engine.details();
    }

    @Override
    public Model load(GraphSource source, Settings settings) {
        call("load");
        return new CrankyModel(engine.load(source, settings), this);
    }
}
