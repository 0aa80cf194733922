package io.vitrail.cli;

import java.util.Arrays;

/** A set of names, held as fingerprints: about 16 bytes each. */
final class Fingerprints {
    private long[] slots = new long[64];
    private int size;

    /** Add a name; return whether none of its fingerprint was there. */
    boolean add(String name) {
        long print = print(name);
        int slot = slot(slots, print);
        if (slots[slot] != 0) {
            return false;
        }
        slots[slot] = print;
        size++;
        if (2 * size > slots.length) {
            grow();
        }
        return true;
    }

    /** Return whether a name, or another of its fingerprint, was added. */
    boolean contains(String name) {
        return slots[slot(slots, print(name))] != 0;
    }

    private static long print(String name) {
        return Fingerprint.of(name) | 1; // 0 is an empty slot
    }

    private static int slot(long[] in, long print) {
        int slot = (int) (print >>> 20) & in.length - 1;
        while (in[slot] != 0 && in[slot] != print) {
            slot = slot + 1 & in.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        Arrays.stream(old)
                .filter(print -> print != 0)
                .forEach(print -> slots[slot(slots, print)] = print);
    }
}
