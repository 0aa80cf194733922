package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Give nodes the names that a PyTorch user would type.
 *
 * <p>A leaf module's last node has the module's path; a function called inside a module is {@code
 * path.function}; the n-th use of a name is {@code name#n}. A module with modules inside is a
 * further name of the value that it returns.
 */
final class LayerNames {
    /** One call of a module's method. */
    static final class Use {
        final StoredModule module;
        final boolean forward;
        final List<Integer> own = new ArrayList<>(); // nodes that were recorded in it directly

        Use(StoredModule module, boolean forward) {
            this.module = module;
            this.forward = forward;
        }
    }

    private final Recorder recorder;
    private final Deque<Use> stack = new ArrayDeque<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Value> modules = new LinkedHashMap<>();
    private int seen;

    LayerNames(Recorder recorder) {
        this.recorder = recorder;
    }

    /** Enter a method of a module; null where it only continues what the module itself is doing. */
    @Nullable Use enter(StoredModule module, String method) {
        recorded();
        boolean forward = method.matches("forward\\d*|__call__");
        if (!forward && !stack.isEmpty() && stack.peek().module == module) {
            return null;
        }
        Use use = new Use(module, forward);
        stack.push(use);
        return use;
    }

    /**
     * Take note of the nodes that were recorded since the last call; they belong to the innermost
     * module.
     */
    private void recorded() {
        Use use = stack.peek();
        while (seen < recorder.next()) {
            if (recorder.operator(seen) instanceof Operator.Constant) {
                name(seen, recorder.place(seen)); // a weight used as an array keeps its own name
            } else {
                use.own.add(seen);
                if (!use.module.isLeaf() || !use.forward) {
                    name(seen, path(use.module, recorder.operator(seen).kind()));
                }
            }
            seen++;
        }
    }

    /** Leave a module; its unnamed nodes get their names. */
    void leave(@Nullable Use use, @Nullable Value returned) {
        if (use == null) {
            return;
        }
        recorded();
        stack.pop();
        if (!use.forward) {
            return;
        }
        String path = use.module.path;
        boolean named = false;
        for (int node : use.own) {
            if (recorder.isNamed(node)) {
                continue;
            }
            boolean last = returned instanceof Value.Output output && output.node() == node;
            if (last && !path.isEmpty()) {
                name(node, path);
                named = true;
            } else {
                name(node, path(use.module, recorder.operator(node).kind()));
            }
        }
        if (!named && !path.isEmpty() && returned != null) {
            modules.put(unique(path), returned);
        }
    }

    private static String path(StoredModule module, String function) {
        return module.path.isEmpty() ? function : module.path + "." + function;
    }

    private void name(int node, String base) {
        recorder.name(node, unique(base));
    }

    private String unique(String base) {
        int use = uses.merge(base, 1, Integer::sum);
        return use == 1 ? base : base + "#" + use;
    }

    /** Return the names of modules with the values that they returned. */
    Map<String, Value> modules() {
        return modules;
    }
}
