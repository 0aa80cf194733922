package io.vitrail.engine.djl.torchscript;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Read the pickles of a TorchScript archive as plain data.
 *
 * <p>Names and values only: a global is a name from an allow-list, a call of one is a record of its
 * name and arguments. Nothing is ever executed.
 */
final class Pickle {
    private static final int MAX_MARKS = 1000;
    private static final int MAX_VALUES = 10_000_000;

    /** A name such as {@code collections.OrderedDict}. */
    record Global(String name) {}

    /** A global applied to arguments. */
    record Call(Global function, List<Object> arguments) {}

    /** An object of a class of the archive's own, with its attributes. */
    static final class Instance {
        final String type;
        Map<Object, Object> attributes = Map.of();

        Instance(String type) {
            this.type = type;
        }
    }

    /** A reference to a tensor's bytes. */
    record Persistent(Object id) {}

    private static final Object MARK = new Object();

    private final ByteBuffer in;
    private final String place;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int marks;

    private Pickle(byte[] bytes, String place) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.place = place;
    }

    /**
     * Return the only object of a pickle. Lists and tuples are {@link List}, dictionaries {@link
     * Map}.
     */
    static Object read(byte[] bytes, String place) {
        Pickle pickle = new Pickle(bytes, place);
        try {
            return pickle.run();
        } catch (java.nio.BufferUnderflowException
                | IndexOutOfBoundsException
                | ClassCastException e) {
            throw Refusal.at(place + ", byte " + pickle.in.position(), "the pickle is damaged");
        }
    }

    private Refusal refuse(String what) {
        return Refusal.at(place + ", byte " + (in.position() - 1), what);
    }

    private Object run() {
        while (true) {
            int code = in.get() & 0xff;
            if (stack.size() > MAX_VALUES) {
                throw refuse("the pickle holds more than " + MAX_VALUES + " values");
            }
            switch (code) {
                case 0x80 -> in.get(); // PROTO
                case '.' -> {
                    return pop();
                }
                case '(' -> {
                    if (++marks > MAX_MARKS) {
                        throw refuse("the pickle is nested more than " + MAX_MARKS + " deep");
                    }
                    stack.add(MARK);
                }
                case 'c' -> stack.add(global(line(), line()));
                case 'R' -> reduce();
                case 'b' -> build();
                case 0x81 -> newObject();
                case 'Q' -> stack.add(new Persistent(pop()));
                case ')', ']' -> stack.add(new ArrayList<>());
                case 't' -> stack.add(popToMark());
                case 0x85 -> tuple(1);
                case 0x86 -> tuple(2);
                case 0x87 -> tuple(3);
                case '}' -> stack.add(new LinkedHashMap<>());
                case 'l' -> stack.add(popToMark());
                case 'e' -> {
                    List<Object> more = popToMark();
                    list(peek()).addAll(more);
                }
                case 'a' -> {
                    Object item = pop();
                    list(peek()).add(item);
                }
                case 'u' -> {
                    List<Object> items = popToMark();
                    for (int i = 0; i + 1 < items.size(); i += 2) {
                        put(items.get(i), items.get(i + 1));
                    }
                }
                case 's' -> {
                    Object value = pop();
                    Object key = pop();
                    put(key, value);
                }
                case 'N' -> stack.add(null);
                case 0x88 -> stack.add(true);
                case 0x89 -> stack.add(false);
                case 'J' -> stack.add((long) in.getInt());
                case 'K' -> stack.add((long) (in.get() & 0xff));
                case 'M' -> stack.add((long) (in.getShort() & 0xffff));
                case 0x8a -> stack.add(longInteger());
                case 'G' -> {
                    stack.add(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
                }
                case 'X' -> stack.add(text(in.getInt()));
                case 0x8c -> stack.add(text(in.get() & 0xff));
                case 'q' -> memo.put(in.get() & 0xff, peek());
                case 'r' -> memo.put(in.getInt(), peek());
                case 'h' -> stack.add(recall(in.get() & 0xff));
                case 'j' -> stack.add(recall(in.getInt()));
                default ->
                        throw refuse(
                                "pickle opcode 0x" + Integer.toHexString(code) + " is not known");
            }
        }
    }

    private Global global(String module, String name) {
        String full = module + "." + name;
        boolean allowed =
                full.startsWith("__torch__.")
                        || full.equals("collections.OrderedDict")
                        || full.equals("torch._utils._rebuild_tensor_v2")
                        || full.equals("torch._utils._rebuild_parameter")
                        || full.startsWith("torch.jit._pickle.build_")
                        || full.equals("torch.jit._pickle.restore_type_tag")
                        || full.matches("torch\\.[A-Za-z0-9]+Storage");
        if (!allowed) {
            throw Refusal.at(
                    place + ", byte " + in.position(),
                    "the pickle asks for '"
                            + full
                            + "', which no TorchScript model needs; nothing was run",
                    "do not trust this file; if it is a pickled module, save it with"
                            + " torch.jit.script(model).save(file)");
        }
        return new Global(full);
    }

    private void reduce() {
        List<Object> arguments = list(pop());
        if (!(pop() instanceof Global function)) {
            throw refuse("the pickle calls something that is no name");
        }
        if (function.name().startsWith("torch.jit._pickle.build_")
                || function.name().equals("torch.jit._pickle.restore_type_tag")) {
            stack.add(arguments.get(0));
        } else if (function.name().equals("collections.OrderedDict")) {
            stack.add(new LinkedHashMap<>());
        } else {
            stack.add(new Call(function, arguments));
        }
    }

    private void newObject() {
        list(pop());
        if (!(pop() instanceof Global type) || !type.name().startsWith("__torch__.")) {
            throw refuse("the pickle makes an object of a class that is not the archive's own");
        }
        stack.add(new Instance(type.name()));
    }

    private void build() {
        Object state = pop();
        if (!(peek() instanceof Instance object) || !(state instanceof Map<?, ?> attributes)) {
            throw refuse("the pickle sets the state of something that is no module");
        }
        object.attributes = new LinkedHashMap<>(attributes);
    }

    private void tuple(int size) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(0, pop());
        }
        stack.add(items);
    }

    private void put(Object key, Object value) {
        if (!(key instanceof String || key instanceof Long)) {
            throw refuse("the pickle has a key that is neither text nor number");
        }
        Object target = peek();
        if (target instanceof Map<?, ?>) {
            @SuppressWarnings("unchecked")
            Map<Object, Object> map = (Map<Object, Object>) target;
            map.put(key, value);
        } else {
            throw refuse("the pickle sets an item of something that is no dictionary");
        }
    }

    private long longInteger() {
        int length = in.get() & 0xff;
        if (length > 8) {
            throw refuse("the pickle has a whole number beyond 64 bits");
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            long octet = i == length - 1 ? in.get() : in.get() & 0xff;
            value |= octet << 8 * i;
        }
        return value;
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw refuse("the pickle has a text that is longer than the pickle");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int c = in.get(); c != '\n'; c = in.get()) {
            line.append((char) (c & 0xff));
        }
        return line.toString();
    }

    private Object recall(int key) {
        if (!memo.containsKey(key)) {
            throw refuse("the pickle recalls what it never stored");
        }
        return memo.get(key);
    }

    private List<Object> popToMark() {
        int at = stack.lastIndexOf(MARK);
        if (at < 0) {
            throw refuse("the pickle closes what it never opened");
        }
        marks--;
        List<Object> tail = stack.subList(at + 1, stack.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        stack.remove(at);
        return items;
    }

    @SuppressWarnings("unchecked")
    private List<Object> list(Object value) {
        if (value instanceof List<?>) {
            return (List<Object>) value;
        }
        throw refuse("the pickle treats something as a list that is none");
    }

    private Object peek() {
        Object top = stack.get(stack.size() - 1);
        if (top == MARK) {
            throw refuse("the pickle takes a mark for a value");
        }
        return top;
    }

    private Object pop() {
        Object top = peek();
        stack.remove(stack.size() - 1);
        return top;
    }
}
