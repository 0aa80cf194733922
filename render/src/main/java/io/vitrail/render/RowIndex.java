package io.vitrail.render;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Find a row by its text in 16 bytes of memory or less; the texts themselves stay elsewhere. */
final class RowIndex {
    private static final int EMPTY = -1;

    private int[] hashes = new int[64];
    private int[] rows = new int[64];
    private int size;

    RowIndex() {
        Arrays.fill(rows, EMPTY);
    }

    /**
     * Return the row of a text; -1 if there is none.
     *
     * @param holds whether a row that may be it does hold the text
     */
    int find(String text, IntPredicate holds) {
        int hash = text.hashCode();
        for (int at = start(hash); rows[at] != EMPTY; at = at + 1 & rows.length - 1) {
            if (hashes[at] == hash && holds.test(rows[at])) {
                return rows[at];
            }
        }
        return EMPTY;
    }

    /** Enter a text that is not there yet. */
    void add(String text, int row) {
        if (2 * ++size > rows.length) {
            grow();
        }
        enter(text.hashCode(), row);
    }

    private void enter(int hash, int row) {
        int at = start(hash);
        while (rows[at] != EMPTY) {
            at = at + 1 & rows.length - 1;
        }
        hashes[at] = hash;
        rows[at] = row;
    }

    private void grow() {
        int[] oldHashes = hashes;
        int[] oldRows = rows;
        hashes = new int[2 * oldRows.length];
        rows = new int[2 * oldRows.length];
        Arrays.fill(rows, EMPTY);
        for (int i = 0; i < oldRows.length; i++) {
            if (oldRows[i] != EMPTY) {
                enter(oldHashes[i], oldRows[i]);
            }
        }
    }

    /** Spread: names that differ in their last digit only have hashes side by side. */
    private int start(int hash) {
        int spread = hash * 0x9e3779b9;
        return (spread ^ spread >>> 16) & rows.length - 1;
    }
}
