package io.vitrail.format.keras.file;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.StoredArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;

/** Check one dataset before any memory is taken for it, and say how its elements are read. */
record Hdf5Array(Hdf5 file, String path, ByteBuffer bytes) {
    /** What deflate makes of a byte at most; a dataset that claims more was never written. */
    private static final long MOST_INFLATED = 1032;

    private record Element(DataType type, ByteOrder order) {}

    StoredArray stored(Dataset dataset, long base) {
        Element element = element(dataset);
        long[] sizes = dataset.isScalar() ? new long[0] : dataset.getDimensionsAsLong();
        int length = length(sizes, element.type().getNumOfBytes());
        return new StoredArray(
                path, new Shape(sizes), element.type(), elements(dataset, base, length, element));
    }

    private Supplier<ByteBuffer> elements(Dataset dataset, long base, int length, Element element) {
        if (length == 0) {
            return () -> ByteBuffer.allocateDirect(0);
        }
        if (dataset instanceof ContiguousDataset contiguous) {
            long address = contiguous.getDataAddress() + base;
            if (address < 0 || address > bytes.limit() - length) {
                throw refusal(
                        "its " + length + " bytes would lie behind the end of the file",
                        Refusal.COPY_AGAIN);
            }
            return () -> nativeOrder(bytes.slice((int) address, length), element);
        }
        if (length / MOST_INFLATED > bytes.limit()) {
            throw refusal("it claims to grow to " + length + " bytes", Refusal.COPY_AGAIN);
        }
        return () -> file.guarded(path, () -> read((DatasetBase) dataset, length, element));
    }

    /** The library keeps one position for all, so that only one dataset is unpacked at a time. */
    private ByteBuffer read(DatasetBase dataset, int length, Element element) {
        ByteBuffer read;
        synchronized (file) {
            Fletcher32.verify(
                    dataset, () -> refusal("its checksum does not fit", Refusal.COPY_AGAIN));
            read = dataset.getDataBuffer();
        }
        if (read.remaining() != length) {
            throw refusal(
                    "it unpacks to " + read.remaining() + " bytes instead of " + length,
                    Refusal.COPY_AGAIN);
        }
        return nativeOrder(read.slice(), element);
    }

    private static ByteBuffer nativeOrder(ByteBuffer elements, Element element) {
        ByteBuffer ordered = elements.order(ByteOrder.nativeOrder());
        int width = element.type().getNumOfBytes();
        if (element.order() == ByteOrder.nativeOrder() || width == 1) {
            return ordered;
        }
        ByteBuffer swapped =
                ByteBuffer.allocateDirect(ordered.limit()).order(ByteOrder.nativeOrder());
        for (int at = 0; at < ordered.limit(); at++) {
            swapped.put(at, ordered.get(at / width * width + width - 1 - at % width));
        }
        return swapped;
    }

    private int length(long[] sizes, int width) {
        long length = width;
        for (long size : sizes) {
            if (size < 0 || size > Integer.MAX_VALUE) {
                length = Long.MAX_VALUE;
                break;
            }
            length = Math.min(length * size, 1L << 31);
        }
        if (length > Integer.MAX_VALUE) {
            throw refusal(
                    "its shape " + Arrays.toString(sizes) + " is more than 2 GiB",
                    Refusal.COPY_AGAIN);
        }
        return (int) length;
    }

    private Element element(Dataset dataset) {
        io.jhdf.object.datatype.DataType type = dataset.getDataType();
        if (type instanceof FloatingPoint number) {
            DataType known =
                    switch (number.getSize() * 100 + number.getMantissaSize()) {
                        case 210 -> DataType.FLOAT16;
                        case 423 -> DataType.FLOAT32;
                        case 852 -> DataType.FLOAT64;
                        default -> throw unread("numbers of " + number.getSize() + " bytes");
                    };
            return new Element(known, number.getByteOrder());
        }
        if (type instanceof FixedPoint number) {
            DataType known =
                    switch (number.getSize() * (number.isSigned() ? 1 : -1)) {
                        case -1 -> DataType.UINT8;
                        case 1 -> DataType.INT8;
                        case 4 -> DataType.INT32;
                        case 8 -> DataType.INT64;
                        default -> throw unread("whole numbers of " + number.getSize() + " bytes");
                    };
            return new Element(known, number.getByteOrder());
        }
        throw unread(type.getClass().getSimpleName());
    }

    private VitrailException unread(String what) {
        return refusal(
                "it holds " + what + ", which are not read",
                "save the model with weights of float32 or float16");
    }

    private VitrailException refusal(String what, String remedy) {
        return file.refusal(path, what, remedy);
    }
}
