package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.NearestNames;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.mxnet.SymbolTypes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Check a symbol against its arrays before any input is known: operators, missing arrays, and sizes
 * that cannot be right whatever comes in.
 */
final class FirstLook {
    /** Operators and the position from which on their inputs are weights. */
    private static final Map<String, Integer> WEIGHTS =
            Map.of(
                    "Convolution", 1,
                    "Deconvolution", 1,
                    "FullyConnected", 1,
                    "BatchNorm", 1,
                    "BatchNorm_v1", 1,
                    "LayerNorm", 1,
                    "InstanceNorm", 1,
                    "GroupNorm", 1,
                    "LeakyReLU", 1,
                    "Embedding", 1);

    private static final List<String> ENDINGS =
            List.of("_weight", "_bias", "_gamma", "_beta", "_mean", "_var", "_parameters");

    private static final List<String> COMMON =
            List.of(
                    "Activation",
                    "BatchNorm",
                    "Concat",
                    "Convolution",
                    "Deconvolution",
                    "Dropout",
                    "Embedding",
                    "Flatten",
                    "FullyConnected",
                    "LeakyReLU",
                    "LRN",
                    "Pooling",
                    "Reshape",
                    "SoftmaxOutput",
                    "UpSampling",
                    "elemwise_add");

    /** Operators behind which the channels are those in front. */
    private static final Set<String> KEEPING =
            Set.of(
                    "Activation",
                    "LeakyReLU",
                    "Pooling",
                    "Dropout",
                    "clip",
                    "relu",
                    "sigmoid",
                    "tanh",
                    "UpSampling",
                    "LRN",
                    "identity",
                    "InstanceNorm");

    private final SymbolFile symbol;
    private final Map<String, Parameter> weights;
    private final Map<Integer, Long> channels = new HashMap<>();

    private FirstLook(SymbolFile symbol, Map<String, Parameter> weights) {
        this.symbol = symbol;
        this.weights = weights;
    }

    /**
     * Check all nodes.
     *
     * @throws Refusal that names the node or the array
     */
    static void check(SymbolFile symbol, Map<String, Parameter> weights) {
        FirstLook look = new FirstLook(symbol, weights);
        Set<String> asked = new HashSet<>();
        for (int i = 0; i < symbol.nodes().size(); i++) {
            SymbolNode node = symbol.nodes().get(i);
            if (node.isVariable()) {
                continue;
            }
            if (asked.add(node.operator()) && !SymbolTypes.knows(node.operator())) {
                throw Refusal.at(
                        node.place(),
                        "MXNet has no operator '"
                                + node.operator()
                                + "'"
                                + NearestNames.of(node.operator(), COMMON).stream()
                                        .findFirst()
                                        .map(name -> "; nearest: " + name)
                                        .orElse(""));
            }
            look.arrays(node);
            look.channels(i, node);
        }
    }

    private void arrays(SymbolNode node) {
        int from = WEIGHTS.getOrDefault(node.operator(), Integer.MAX_VALUE);
        for (int i = 0; i < node.inputs().size(); i++) {
            SymbolNode input = symbol.nodes().get(node.inputs().get(i).node());
            boolean wanted = i >= from || ENDINGS.stream().anyMatch(input.name()::endsWith);
            if (input.isVariable() && wanted && !weights.containsKey(input.name())) {
                throw Refusal.at(
                        node.place(), "the parameter file has no array '" + input.name() + "'");
            }
        }
    }

    private @Nullable Parameter weight(SymbolNode node, int position) {
        return position < node.inputs().size()
                ? weights.get(symbol.nodes().get(node.inputs().get(position).node()).name())
                : null;
    }

    private void channels(int index, SymbolNode node) {
        if (node.inputs().isEmpty()) {
            return;
        }
        Long before = channels.get(node.inputs().get(0).node());
        Attributes attributes = new Attributes(node);
        Parameter weight = weight(node, 1);
        switch (node.operator()) {
            case "Convolution" -> {
                if (weight != null && weight.shape().dimension() > 2) {
                    long takes = weight.shape().get(1) * attributes.whole("num_group", 1);
                    if (before != null && takes != before) {
                        throw mismatch(node, weight, before);
                    }
                    channels.put(index, weight.shape().get(0));
                }
            }
            case "FullyConnected" -> {
                if (weight != null
                        && before != null
                        && attributes.truth("flatten", true)
                        && (weight.shape().dimension() != 2
                                || weight.shape().get(1) % before != 0)) {
                    throw mismatch(node, weight, before);
                }
                if (weight != null && weight.shape().dimension() == 2) {
                    channels.put(index, weight.shape().get(0));
                }
            }
            case "BatchNorm", "BatchNorm_v1" -> {
                boolean plain = attributes.whole("axis", 1) == 1;
                if (weight != null && before != null && plain && weight.shape().size() != before) {
                    throw mismatch(node, weight, before);
                }
                if (before != null && plain) {
                    channels.put(index, before);
                }
            }
            case "Flatten", "flatten" -> {
                if (before != null) {
                    channels.put(index, before); // a multiple of it
                }
            }
            default -> {
                if (before != null && KEEPING.contains(node.operator())) {
                    channels.put(index, before);
                }
            }
        }
    }

    private static Refusal mismatch(SymbolNode node, Parameter weight, long channels) {
        return Refusal.at(
                node.place(),
                "array '"
                        + weight.name()
                        + "' of shape "
                        + weight.shape()
                        + " does not fit its input of "
                        + channels
                        + " channels");
    }

    /** Return what an input looks like from its hints and its first readers, open sizes -1. */
    static Shape input(SymbolFile symbol, Map<String, Parameter> weights, int variable) {
        List<Long> stated = new Attributes(hinted(symbol.nodes().get(variable))).tuple("shape");
        if (!stated.isEmpty()) {
            long[] sizes = stated.stream().mapToLong(size -> size <= 0 ? -1 : size).toArray();
            sizes[0] = -1;
            return new Shape(sizes);
        }
        Set<Integer> same = new HashSet<>(Set.of(variable));
        for (int i = variable + 1; i < symbol.nodes().size(); i++) {
            SymbolNode node = symbol.nodes().get(i);
            if (node.inputs().isEmpty() || !same.contains(node.inputs().get(0).node())) {
                continue;
            }
            Parameter weight = new FirstLook(symbol, weights).weight(node, 1);
            if (node.operator().equals("Convolution") && weight != null) {
                long[] sizes = new long[weight.shape().dimension()];
                java.util.Arrays.fill(sizes, -1);
                sizes[1] = weight.shape().get(1) * new Attributes(node).whole("num_group", 1);
                return new Shape(sizes);
            }
            if (node.operator().equals("FullyConnected") && weight != null) {
                return new Shape(-1, weight.shape().get(1));
            }
            same.add(i);
        }
        return new Shape();
    }

    private static SymbolNode hinted(SymbolNode node) {
        return new SymbolNode(
                node.name(), node.operator(), node.hints(), java.util.Map.of(), node.inputs());
    }
}
