package io.vitrail.render;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Pack bytes as a zlib stream that goes by their frequencies alone and looks for no repeats.
 *
 * <p>What {@link java.util.zip.Deflater#HUFFMAN_ONLY} does, as small, in a third of the time: each
 * call becomes one block with codes of its own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1951">RFC 1951</a>, 3.2.7: dynamic Huffman codes
 */
final class FrequencyCodes {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int END = 256;
    private static final int LONGEST = 15;
    private static final int LONGEST_OF_LENGTHS = 7;
    private static final int[] ORDER_OF_LENGTHS = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
    };

    private final Adler32 sum = new Adler32();
    private byte[] packed = new byte[0];
    private int at;
    private long bits;
    private int count;
    private boolean begun;

    /** Pack bytes, at least one, and hand over what is whole of the stream. */
    void pack(byte[] bytes, int length, boolean last, PngPixels.Sink sink) throws IOException {
        sum.update(bytes, 0, length);
        int most = Math.toIntExact((long) length * LONGEST / 8 + 512);
        if (packed.length < most) {
            packed = new byte[most];
        }
        if (!begun) {
            put(0x78, 8); // zlib, a window of 32 KiB
            put(0x01, 8); // the fastest level
            begun = true;
        }
        int[] frequencies = new int[END + 1];
        for (int i = 0; i < length; i++) {
            frequencies[bytes[i] & 255]++;
        }
        frequencies[END] = 1;
        int[] lengths = lengths(frequencies, LONGEST);
        put(last ? 1 : 0, 1);
        put(2, 2);
        putLengths(lengths);
        put(bytes, length, codes(lengths));
        if (last) {
            put(0, -count & 7);
            long check = sum.getValue();
            for (int shift = 24; shift >= 0; shift -= 8) {
                put((int) (check >> shift & 255), 8);
            }
        }
        sink.take(packed, at);
        at = 0;
    }

    private void put(byte[] bytes, int length, int[] codes) {
        int i = 0;
        for (; i + 2 < length; i += 3) { // three codes fit behind the bits that are left
            add(codes[bytes[i] & 255]);
            add(codes[bytes[i + 1] & 255]);
            add(codes[bytes[i + 2] & 255]);
            flush();
        }
        for (; i < length; i++) {
            add(codes[bytes[i] & 255]);
            flush();
        }
        add(codes[END]);
        flush();
    }

    /** The lengths of all codes, themselves coded; two of distances, as zlib writes them. */
    private void putLengths(int[] lengths) {
        int[] all = Arrays.copyOf(lengths, END + 3);
        all[END + 1] = 1;
        all[END + 2] = 1;
        int[] frequencies = new int[ORDER_OF_LENGTHS.length];
        for (int length : all) {
            frequencies[length]++;
        }
        int[] lengthsOfLengths = lengths(frequencies, LONGEST_OF_LENGTHS);
        put(0, 5); // END is the last literal
        put(1, 5);
        put(ORDER_OF_LENGTHS.length - 4, 4);
        for (int length : ORDER_OF_LENGTHS) {
            put(lengthsOfLengths[length], 3);
        }
        int[] codes = codes(lengthsOfLengths);
        for (int length : all) {
            add(codes[length]);
            flush();
        }
    }

    private void put(int value, int width) {
        add(value << 4 | width);
        flush();
    }

    /** A code above four bits that say how long it is. */
    private void add(int code) {
        bits |= (long) (code >>> 4) << count;
        count += code & 15;
    }

    private void flush() {
        LONG.set(packed, at, bits);
        at += count >> 3;
        bits >>>= count & ~7;
        count &= 7;
    }

    /**
     * Return the code of each symbol, first bit lowest, above four bits that say how long it is.
     */
    private static int[] codes(int[] lengths) {
        int[] next = new int[LONGEST + 2];
        for (int length : lengths) {
            next[length + 1] += length == 0 ? 0 : 1;
        }
        for (int length = 1; length <= LONGEST; length++) {
            next[length] = next[length] + next[length - 1] << 1;
        }
        int[] codes = new int[lengths.length];
        for (int symbol = 0; symbol < codes.length; symbol++) {
            int length = lengths[symbol];
            if (length > 0) {
                codes[symbol] = Integer.reverse(next[length]++) >>> 32 - length << 4 | length;
            }
        }
        return codes;
    }

    /**
     * Return how long the code of each symbol is to be, 0 for one that does not occur: Huffman's
     * algorithm. Where a code becomes too long, frequencies are made more alike.
     *
     * @param frequencies at least two of them not 0
     */
    static int[] lengths(int[] frequencies, int longest) {
        int[] wanted = frequencies.clone();
        for (; ; ) {
            int[] lengths = lengths(wanted);
            if (Arrays.stream(lengths).max().orElse(0) <= longest) {
                return lengths;
            }
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = wanted[i] + 1 >> 1;
            }
        }
    }

    private static int[] lengths(int[] frequencies) {
        // leaves by frequency, then what joins two, whose weights never fall: two queues in one
        int leaves = 0;
        long[] sorted = new long[frequencies.length];
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            if (frequencies[symbol] > 0) {
                sorted[leaves++] = (long) frequencies[symbol] << 16 | symbol;
            }
        }
        Arrays.sort(sorted, 0, leaves);
        int nodes = 2 * leaves - 1;
        long[] weight = new long[nodes];
        int[] parent = new int[nodes];
        for (int i = 0; i < leaves; i++) {
            weight[i] = sorted[i] >> 16;
        }
        int leaf = 0;
        int joint = leaves;
        for (int made = leaves; made < nodes; made++) {
            for (int child = 0; child < 2; child++) {
                boolean isLeaf = joint == made || leaf < leaves && weight[leaf] <= weight[joint];
                int least = isLeaf ? leaf++ : joint++;
                weight[made] += weight[least];
                parent[least] = made;
            }
        }
        int[] depth = new int[nodes];
        int[] lengths = new int[frequencies.length];
        for (int node = nodes - 2; node >= 0; node--) {
            depth[node] = depth[parent[node]] + 1;
            if (node < leaves) {
                lengths[(int) sorted[node] & 0xffff] = depth[node];
            }
        }
        return lengths;
    }
}
