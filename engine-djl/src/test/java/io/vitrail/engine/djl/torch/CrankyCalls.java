package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/** Count a model's native calls, let one of them fail, and say what it still holds. */
final class CrankyCalls extends NativeCalls {
    private final List<NDManager> managers = new ArrayList<>();
    private final List<String> made = new ArrayList<>();
    private int failing;

    /** Fail at the n-th call from here on, counted from 1; never for 0. */
    void failAt(int call) {
        made.clear();
        failing = call;
    }

    /** Return the calls made since {@link #failAt}. */
    List<String> made() {
        return List.copyOf(made);
    }

    /** Return the number of arrays in managers that nobody has closed. */
    int openArrays() {
        return managers.stream()
                .filter(NDManager::isOpen)
                .mapToInt(manager -> manager.getManagedArrays().size())
                .sum();
    }

    /** Return the number of managers that nobody has closed. */
    int openManagers() {
        return (int) managers.stream().filter(NDManager::isOpen).count();
    }

    @Override
    synchronized NDManager newManager(Device device) {
        NDManager manager = super.newManager(device);
        managers.add(manager);
        return manager;
    }

    @Override
    synchronized void before(String what) {
        made.add(what);
        if (made.size() == failing) {
            throw new EngineException("call " + failing + ", " + what + ", was made to fail");
        }
    }
}
