package io.vitrail.render;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers of a {@code .npy} file, in small portions between bytes and Java's own. */
final class NpyData {
    private static final int PORTION = 8192;
    private static final double EXACT = 1L << 53;

    private NpyData() {}

    /** Read exactly the numbers that the header announces. */
    static NpyArray read(NpyHeader header, InputStream stream, String place) throws IOException {
        int count = header.elements(place);
        boolean narrow = header.type() == DataType.FLOAT32 || header.type() == DataType.FLOAT16;
        float[] floats = new float[narrow ? count : 0];
        double[] doubles = new double[narrow ? 0 : count];
        Order order = new Order(header);
        for (int done = 0; done < count; ) {
            int now = Math.min(PORTION, count - done);
            byte[] bytes = stream.readNBytes(now * header.size());
            if (bytes.length < now * header.size()) {
                throw VitrailException.input(
                        place
                                + ": cut off: "
                                + count
                                + " numbers are announced, "
                                + (done + bytes.length / header.size())
                                + " are there\n  do:  make or copy it anew");
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(header.order());
            for (int i = 0; i < now; i++) {
                double number = number(buffer, header.type(), place);
                int at = order.next();
                if (narrow) {
                    floats[at] = (float) number;
                } else {
                    doubles[at] = number;
                }
            }
            done += now;
        }
        long[] shape = header.shape();
        Axes axes = Axes.channelsFirst(shape.length);
        return new NpyArray(
                header.type(),
                narrow ? Values.of(floats, axes, shape) : Values.of(doubles, axes, shape));
    }

    private static double number(ByteBuffer from, DataType type, String place) {
        return switch (type) {
            case FLOAT16 -> Half.toFloat(from.getShort());
            case FLOAT32 -> from.getFloat();
            case FLOAT64 -> from.getDouble();
            case INT8 -> from.get();
            case INT16 -> from.getShort();
            case INT32 -> from.getInt();
            case INT64 -> exact(from.getLong(), place);
            case UINT8 -> from.get() & 255;
            case UINT16 -> from.getShort() & 0xffff;
            case UINT32 -> from.getInt() & 0xffffffffL;
            case UINT64 -> {
                long number = from.getLong();
                yield exact(number < 0 ? Long.MAX_VALUE : number, place);
            }
            case BOOLEAN -> from.get() == 0 ? 0 : 1;
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    private static double exact(long number, String place) {
        if (Math.abs((double) number) > EXACT) {
            throw VitrailException.input(
                    place + ": an integer beyond 2^53: " + number + "\n  do:  use smaller numbers");
        }
        return number;
    }

    /** Write header and numbers. */
    static void write(NpyArray array, OutputStream stream) throws IOException {
        stream.write(NpyHeader.bytes(array.type(), array.values().shape()));
        writeNumbers(array, stream);
    }

    /** Write the numbers alone: little-endian, in C order. */
    static void writeNumbers(NpyArray array, OutputStream stream) throws IOException {
        Values values = array.values();
        ByteBuffer buffer = ByteBuffer.allocate(8 * PORTION).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.size(); i++) {
            put(buffer, array.type(), values.get(i));
            if (buffer.remaining() < 8) {
                stream.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        stream.write(buffer.array(), 0, buffer.position());
    }

    private static void put(ByteBuffer to, DataType type, double number) {
        switch (type) {
            case FLOAT16 -> to.putShort(Half.of((float) number));
            case FLOAT32 -> to.putFloat((float) number);
            case FLOAT64 -> to.putDouble(number);
            case INT8, UINT8 -> to.put((byte) (long) number);
            case INT16, UINT16 -> to.putShort((short) (long) number);
            case INT32, UINT32 -> to.putInt((int) (long) number);
            case INT64, UINT64 -> to.putLong((long) number);
            case BOOLEAN -> to.put((byte) (number == 0 ? 0 : 1));
            default -> throw new IllegalArgumentException(type.toString());
        }
    }

    /** Where the file's next number lies in row-major order. */
    private static final class Order {
        private final long[] shape;
        private final long[] index;
        private final boolean fortran;
        private int position;

        Order(NpyHeader header) {
            this.shape = header.shape();
            this.index = new long[shape.length];
            this.fortran = header.fortran() && shape.length > 1;
        }

        int next() {
            if (!fortran) {
                return position++;
            }
            long at = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                at = at * shape[axis] + index[axis];
            }
            for (int axis = 0; axis < shape.length && ++index[axis] == shape[axis]; axis++) {
                index[axis] = 0; // the first axis runs fastest
            }
            return (int) at;
        }
    }
}
