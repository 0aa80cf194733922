package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.graph.Value;
import java.util.List;

/**
 * A part of a plan that MXNet runs in one go, and differentiates in another.
 *
 * @param nodes its nodes, in order
 * @param unit the number of the unit that differentiates it, -1 if none does
 * @param joined whether it is run as a symbol of its own; else it is one node
 * @param leaves what it reads from outside, each value once
 * @param outputs its values, of a joined one those that somebody else reads
 */
record Piece(
        List<Integer> nodes, int unit, boolean joined, List<Value> leaves, List<Value> outputs) {}
