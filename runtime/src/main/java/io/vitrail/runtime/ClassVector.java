package io.vitrail.runtime;

import java.util.List;

/** The probabilities of classes, an item a row. */
record ClassVector(List<String> labels) {
    List<Ranked> top(int item, int count) {
        throw new UnsupportedOperationException("top " + count + " of " + item);
    }
}
