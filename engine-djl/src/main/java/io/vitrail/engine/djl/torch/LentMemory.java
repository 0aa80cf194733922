package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keep the memory that Java lends to libtorch for as long as libtorch may read it.
 *
 * <p>DJL makes an array of Java's numbers as a tensor over a direct buffer: {@code from_blob},
 * without a copy and without a deleter. Only the array's field {@code dataRef} holds the buffer,
 * and closing the array clears it. The operation that makes a scalar, {@code mul(-1)}, closes it at
 * once; libtorch's tape keeps the tensor, and the next collection frees what the way back will
 * read. An alias or a view of such an array is in the same danger.
 *
 * <p>What is read for long is therefore {@linkplain #copy copied}. What a caller's function makes
 * on its way is {@linkplain #during noted}: each array enters itself into the innermost {@link
 * NDScope} of its thread when it is complete, the one place that all pass, so a function runs in
 * scopes whose registers take the buffers down. Scopes that it opens itself are among them. Out of
 * reach is an array that a function fills with {@link NDArray#set(java.nio.Buffer)} and then
 * closes.
 */
public final class LentMemory {
    private static final ThreadLocal<Deque<NDScope>> SCOPES;
    private static final Field REGISTER;
    private static final Field BUFFER;

    static {
        try {
            SCOPES = scopes(accessible(NDScope.class, "SCOPE_STACK"));
            REGISTER = accessible(NDScope.class, "resources");
            BUFFER = accessible(PtNDArray.class, "dataRef");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of DJL is not supported: use api and pytorch-engine 0.35.1", e);
        }
    }

    private LentMemory() {}

    private static Field accessible(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @SuppressWarnings("unchecked") // as DJL declares it
    private static ThreadLocal<Deque<NDScope>> scopes(Field field) throws IllegalAccessException {
        return (ThreadLocal<Deque<NDScope>>) field.get(null);
    }

    /** Return the buffer of Java's that an array stands on, or null if there is none. */
    public static @Nullable ByteBuffer under(NDArray array) {
        try {
            return array instanceof PtNDArray ? (ByteBuffer) BUFFER.get(array) : null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Return a copy in memory of libtorch's own, off the tape. */
    static NDArray copy(NDArray array, NDManager owner) {
        NDArray copy = GradMode.off(array::duplicate);
        copy.attach(owner);
        return copy;
    }

    /**
     * Work, and keep until the end of it all that Java lends in this thread.
     *
     * @return what the work returns: memory of libtorch's own, or a {@link #copy}
     */
    static <T> T during(Supplier<T> work) {
        Deque<NDScope> outside = SCOPES.get();
        Scopes inside = new Scopes();
        SCOPES.set(inside);
        new NDScope(); // enters itself; never closed, for what it holds is for others to close
        try {
            return work.get();
        } finally {
            SCOPES.set(outside);
            inside.registers.get(0).keySet().forEach(NDScope::register); // where they belong
            Reference.reachabilityFence(inside);
        }
    }

    /** A thread's scopes; each is given a register that notes, as it enters. */
    @SuppressWarnings("serial") // never written
    private static final class Scopes extends ArrayDeque<NDScope> {
        final List<Register> registers = new ArrayList<>();

        @Override
        public void addLast(NDScope scope) {
            Register register = new Register();
            try {
                REGISTER.set(scope, register);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
            registers.add(register);
            super.addLast(scope);
        }
    }

    /** The arrays of a scope, and the buffers under them, which outlive their arrays. */
    @SuppressWarnings("serial") // never written
    private static final class Register extends IdentityHashMap<NDArray, NDArray> {
        final List<ByteBuffer> buffers = new ArrayList<>();

        @Override
        public NDArray put(NDArray array, NDArray same) {
            ByteBuffer buffer = under(array);
            if (buffer != null) {
                buffers.add(buffer);
            }
            return super.put(array, same);
        }
    }
}
