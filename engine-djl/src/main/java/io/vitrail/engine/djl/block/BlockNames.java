package io.vitrail.engine.djl.block;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Give nodes the names of the block's children: {@code 05ParallelBlock.01SequentialBlock.02Conv2d}.
 *
 * <p>The last node of a child without children has the child's path. A node with weights has the
 * path of the block that owns them, others {@code path.operator}; the n-th use of a name is {@code
 * name#n}. A child with children is a further name of what it returns.
 */
final class BlockNames {
    /** A child that is running. */
    private static final class Use {
        final String path;
        final List<Integer> unnamed = new ArrayList<>();

        Use(String path) {
            this.path = path;
        }
    }

    private final SharedWeights weights;
    private final Deque<Use> running = new ArrayDeque<>(List.of(new Use("")));
    private final List<String> names = new ArrayList<>(); // by node; empty until it has one
    private final List<String> kinds = new ArrayList<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Value> containers = new LinkedHashMap<>();

    BlockNames(SharedWeights weights) {
        this.weights = weights;
    }

    /** Return the path of the child that is running. */
    String path() {
        return running.element().path;
    }

    void enter(String child) {
        running.push(new Use(inside(child)));
    }

    /** Take note of a node. */
    void added(int node, Operator operator, Collection<Parameter> own) {
        names.add("");
        kinds.add(operator.kind());
        if (operator instanceof Operator.Constant) {
            name(node, own.iterator().next().name());
            return;
        }
        String owner = own.stream().map(weights::owner).findFirst().orElse("");
        if (!owner.isEmpty() && !owner.equals(path())) {
            name(node, owner);
        } else {
            running.element().unnamed.add(node);
        }
    }

    /** Name the next node as another graph does, inside the child that is running. */
    void inlined(String name) {
        names.add(unique(inside(name)));
        kinds.add("");
    }

    /** Take over the further names of another graph. */
    void inlined(Map<String, Value> further, Map<Value, Value> moved) {
        further.forEach((name, value) -> containers.put(unique(inside(name)), moved.get(value)));
    }

    private String inside(String name) {
        return path().isEmpty() ? name : path() + "." + name;
    }

    /**
     * Leave the child that is running.
     *
     * @param returned its first output, or null if it has none
     */
    void leave(@Nullable Value returned) {
        Use use = running.pop();
        boolean whole = false;
        for (int node : use.unnamed) {
            boolean last = returned instanceof Value.Output output && output.node() == node;
            whole |= last;
            name(node, last ? use.path : use.path + "." + kinds.get(node));
        }
        if (!whole && returned != null) {
            containers.put(unique(use.path), returned);
        }
    }

    private void name(int node, String base) {
        names.set(node, unique(base));
    }

    private String unique(String base) {
        int use = uses.merge(base, 1, Integer::sum);
        return use == 1 ? base : base + "#" + use;
    }

    /** Return the name of a node; all children have been left. */
    String name(int node) {
        if (names.get(node).isEmpty()) {
            name(node, kinds.get(node)); // of the root's own code
        }
        return names.get(node);
    }

    /** Return the names of children with children, with what they returned. */
    Map<String, Value> containers() {
        return containers;
    }
}
