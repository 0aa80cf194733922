package io.vitrail.engine.djl.plan;

import io.vitrail.api.graph.Operator;

/** Tell embeddings from other operators: they put the channels of a token behind its place. */
public final class Embedding {
    private Embedding() {}

    /** Return whether an operator looks whole numbers up in a table of vectors. */
    public static boolean is(Operator operator) {
        return operator.kind().equalsIgnoreCase("embedding"); // MXNet writes it large
    }
}
