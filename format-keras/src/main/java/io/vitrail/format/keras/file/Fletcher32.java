package io.vitrail.format.keras.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.filter.PipelineFilterWithData;
import io.vitrail.api.VitrailException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/** Verify HDF5's fletcher32 sums, which the library reads past. */
final class Fletcher32 {
    private static final int FILTER = 3;
    private static final int BLOCK =
            360; // sums of so many words fit 32 bits, says the HDF5 library

    private Fletcher32() {}

    /** Compare each chunk's sum, where they stand behind the chunks, with its bytes. */
    static void verify(Dataset dataset, Supplier<VitrailException> refusal) {
        if (!(dataset instanceof ChunkedDataset chunked)) {
            return;
        }
        List<PipelineFilterWithData> filters = chunked.getFilters();
        if (filters.isEmpty() || filters.get(filters.size() - 1).getId() != FILTER) {
            return;
        }
        int[] sizes = chunked.getDimensions();
        int[] chunk = chunked.getChunkDimensions();
        int[] at = new int[sizes.length];
        do {
            ByteBuffer raw = chunked.getRawChunkBuffer(at);
            int length = raw.remaining() - Integer.BYTES;
            if (length < 0 || sum(raw, length) != stored(raw, length)) {
                throw refusal.get();
            }
        } while (advance(at, chunk, sizes));
    }

    /** Go to the next chunk, the last axis first; false behind the last one. */
    private static boolean advance(int[] at, int[] chunk, int[] sizes) {
        for (int axis = at.length - 1; axis >= 0; axis--) {
            if (sizes[axis] - at[axis] > chunk[axis]) {
                at[axis] += chunk[axis];
                return true;
            }
            at[axis] = 0;
        }
        return false;
    }

    private static long stored(ByteBuffer raw, int at) {
        return Integer.toUnsignedLong(
                raw.slice(at, Integer.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt());
    }

    /** Return the sum of big-endian words of 16 bits, an odd byte last being the high one. */
    static long sum(ByteBuffer bytes, int length) {
        long low = 0;
        long high = 0;
        for (int at = 0; at < length; ) {
            int end = (int) Math.min(length, at + 2L * BLOCK);
            for (; at < end; at += 2) {
                low +=
                        (bytes.get(at) & 0xff) << 8
                                | (at + 1 < length ? bytes.get(at + 1) & 0xff : 0);
                high += low;
            }
            low = (low & 0xffff) + (low >>> 16);
            high = (high & 0xffff) + (high >>> 16);
        }
        low = (low & 0xffff) + (low >>> 16);
        high = (high & 0xffff) + (high >>> 16);
        return high << 16 | low;
    }
}
