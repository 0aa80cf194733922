package io.vitrail.api.graph;

/** Point to an array of a graph: one of its inputs, or one output of one of its nodes. */
public sealed interface Value {

    /**
     * An input of the graph.
     *
     * @param index position among {@link Graph#inputs()}
     */
    record Input(int index) implements Value {
        // every pass looks values up: what a record has by itself is slow until it is compiled
        @Override
        public boolean equals(Object other) {
            return other instanceof Input that && index == that.index;
        }

        @Override
        public int hashCode() {
            return index;
        }
    }

    /**
     * An output of a node.
     *
     * @param node position among {@link Graph#nodes()}
     * @param index position among the outputs of that node; 0 but for operators such as split
     */
    record Output(int node, int index) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Output that && node == that.node && index == that.index;
        }

        @Override
        public int hashCode() {
            return 31 * node + index;
        }
    }
}
