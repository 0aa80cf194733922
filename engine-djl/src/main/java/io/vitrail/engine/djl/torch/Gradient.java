package io.vitrail.engine.djl.torch;

/** A gradient on its way back, or a share of one. */
final class Gradient {
    final String name;
    final boolean last; // lies in memory with channels last
    boolean own; // nothing else stands in its memory
    boolean spread; // a view in which each number stands for all of an axis
    int uses; // shares that are still to read it

    Gradient(String name, boolean own, boolean last) {
        this.name = name;
        this.own = own;
        this.last = last;
    }

    boolean isFree() {
        return own && uses == 0;
    }
}
