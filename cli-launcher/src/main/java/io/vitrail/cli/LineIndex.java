package io.vitrail.cli;

/** Where in a file the last line about each name begins: 48 bytes a name. */
final class LineIndex {
    private static final int WIDTH = 3; // two fingerprints and a place

    private long[] slots = new long[WIDTH * 64];
    private int size;

    /** Set the place of a name, 0 or more. */
    void put(String name, long place) {
        int slot = slot(slots, print(name), Fingerprint.other(name));
        if (slots[slot] == 0) {
            size++;
        }
        set(slots, slot, print(name), Fingerprint.other(name), place);
        if (2 * WIDTH * size > slots.length) {
            grow();
        }
    }

    /** Return the place of a name, -1 if it has none. */
    long get(String name) {
        int slot = slot(slots, print(name), Fingerprint.other(name));
        return slots[slot] == 0 ? -1 : slots[slot + 2];
    }

    private static long print(String name) {
        return Fingerprint.of(name) | 1; // 0 is an empty slot
    }

    private static void set(long[] in, int slot, long print, long other, long place) {
        in[slot] = print;
        in[slot + 1] = other;
        in[slot + 2] = place;
    }

    private static int slot(long[] in, long print, long other) {
        int count = in.length / WIDTH;
        int slot = (int) (print >>> 20) & count - 1;
        while (in[WIDTH * slot] != 0
                && (in[WIDTH * slot] != print || in[WIDTH * slot + 1] != other)) {
            slot = slot + 1 & count - 1;
        }
        return WIDTH * slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        for (int i = 0; i < old.length; i += WIDTH) {
            if (old[i] != 0) {
                int slot = slot(slots, old[i], old[i + 1]);
                set(slots, slot, old[i], old[i + 1], old[i + 2]);
            }
        }
    }
}
