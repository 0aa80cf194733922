package io.vitrail.engine.djl;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Write a TorchScript archive: modules with weights and the text of their methods.
 *
 * <p>What comes out is what {@code torch.jit.save} writes, one class a module: libtorch and Python
 * load it, and so does Vitrail. Equal modules give equal bytes.
 */
public final class TorchScriptWriter {
    private static final String VERSION = "10\n"; // of torch 2.x: operators as they are now
    private static final int ALIGNMENT = 64;
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** A weight: floats in row-major order and their shape. */
    public record Tensor(float[] values, long... shape) {}

    /**
     * A module.
     *
     * @param type the class name, a plain identifier; every module becomes a class of its own
     * @param parameters trained weights by attribute name
     * @param buffers other weights by attribute name, such as running statistics
     * @param children further modules by attribute name; a name may be a number, as in a Sequential
     * @param methods the methods as TorchScript, not indented; {@code SELF} stands for the module's
     *     own class: {@code def forward(self: SELF, x: Tensor) -> Tensor:}
     */
    public record Module(
            String type,
            Map<String, Tensor> parameters,
            Map<String, Tensor> buffers,
            Map<String, Module> children,
            String methods) {
        public Module {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
            buffers = Collections.unmodifiableMap(new LinkedHashMap<>(buffers));
            children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        }

        /** Create a module without weights and children. */
        public static Module of(String type, String methods) {
            return new Module(type, Map.of(), Map.of(), Map.of(), methods);
        }
    }

    private final StringBuilder code = new StringBuilder();
    private final Pickler data = new Pickler();
    private final List<Tensor> tensors = new ArrayList<>();
    private int modules;

    private TorchScriptWriter() {}

    /**
     * Write an archive.
     *
     * @param name the folder inside the archive, by custom the file's stem
     * @param out is not closed
     */
    public static void write(Module root, String name, OutputStream out) throws IOException {
        TorchScriptWriter writer = new TorchScriptWriter();
        writer.module(root);
        Counting counting = new Counting(out);
        ZipOutputStream zip = new ZipOutputStream(counting);
        zip.setMethod(ZipOutputStream.STORED);
        store(zip, counting, name + "/data.pkl", writer.data.end());
        store(zip, counting, name + "/byteorder", bytes("little"));
        for (int i = 0; i < writer.tensors.size(); i++) {
            store(zip, counting, name + "/data/" + i, floats(writer.tensors.get(i)));
        }
        store(zip, counting, name + "/constants.pkl", new Pickler().emptyTuple().end());
        store(zip, counting, name + "/version", bytes(VERSION));
        store(zip, counting, name + "/code/__torch__.py", bytes(writer.code.toString()));
        zip.finish();
    }

    /** Write the class of a module and its object; return the class's name. */
    private String module(Module module) {
        String type = modules++ == 0 ? module.type() : module.type() + "_" + (modules - 1);
        Map<String, String> childTypes = new LinkedHashMap<>();
        data.object(type);
        data.key("training").truth(false);
        module.parameters().forEach((key, tensor) -> data.key(key).tensor(tensor, number(tensor)));
        module.buffers().forEach((key, tensor) -> data.key(key).tensor(tensor, number(tensor)));
        module.children()
                .forEach(
                        (key, child) -> {
                            data.key(key);
                            childTypes.put(key, module(child));
                        });
        data.endObject();
        code.append("class ").append(type).append("(Module):\n");
        code.append("  __parameters__ = ").append(names(module.parameters())).append('\n');
        code.append("  __buffers__ = ").append(names(module.buffers())).append('\n');
        module.parameters().keySet().forEach(key -> declare(key, "Tensor"));
        module.buffers().keySet().forEach(key -> declare(key, "Tensor"));
        declare("training", "bool");
        childTypes.forEach((key, child) -> declare(key, "__torch__." + child));
        module.methods()
                .replace("SELF", "__torch__." + type)
                .lines()
                .forEach(line -> code.append("  ").append(line).append('\n'));
        return type;
    }

    private int number(Tensor tensor) {
        tensors.add(tensor);
        return tensors.size() - 1;
    }

    private void declare(String name, String type) {
        boolean identifier = Character.isJavaIdentifierStart(name.charAt(0));
        code.append("  ")
                .append(identifier ? name + " : " : "__annotations__[\"" + name + "\"] = ")
                .append(type)
                .append('\n');
    }

    private static String names(Map<String, Tensor> tensors) {
        StringBuilder list = new StringBuilder("[");
        tensors.keySet().forEach(name -> list.append('"').append(name).append("\", "));
        return list.append("]").toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] floats(Tensor tensor) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        return bytes.array();
    }

    /** Store an entry so that its data begin at a multiple of 64 bytes, as torch does. */
    private static void store(ZipOutputStream zip, Counting out, String name, byte[] content)
            throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(sum.getValue());
        long unpadded = out.count + 30 + bytes(name).length + 4;
        int padding = (int) ((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT);
        byte[] extra = new byte[4 + padding];
        extra[0] = 'F';
        extra[1] = 'B';
        extra[2] = (byte) padding;
        entry.setExtra(extra);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Say how many bytes went through. */
    private static final class Counting extends FilterOutputStream {
        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int octet) throws IOException {
            out.write(octet);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }

    /** Write the few pickle opcodes that describe modules. */
    private static final class Pickler {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Pickler() {
            out.write(0x80);
            out.write(2);
        }

        Pickler object(String type) {
            global("__torch__", type).emptyTuple();
            out.writeBytes(new byte[] {(byte) 0x81, '}', '('});
            return this;
        }

        void endObject() {
            out.writeBytes(bytes("ub"));
        }

        Pickler key(String name) {
            byte[] text = bytes(name);
            out.write('X');
            out.writeBytes(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(text.length)
                            .array());
            out.writeBytes(text);
            return this;
        }

        void truth(boolean value) {
            out.write(value ? 0x88 : 0x89);
        }

        Pickler emptyTuple() {
            out.write(')');
            return this;
        }

        void tensor(Tensor tensor, int number) {
            global("torch._utils", "_rebuild_tensor_v2").mark().mark();
            key("storage").global("torch", "FloatStorage");
            key(String.valueOf(number)).key("cpu").integer(tensor.values().length);
            out.writeBytes(bytes("tQ"));
            integer(0).mark();
            for (long size : tensor.shape()) {
                integer(size);
            }
            out.write('t');
            mark();
            for (int i = 0; i < tensor.shape().length; i++) {
                long stride = 1;
                for (int k = i + 1; k < tensor.shape().length; k++) {
                    stride *= tensor.shape()[k];
                }
                integer(stride);
            }
            out.write('t');
            truth(false);
            global("collections", "OrderedDict").emptyTuple();
            out.writeBytes(bytes("RtR"));
        }

        private Pickler mark() {
            out.write('(');
            return this;
        }

        private Pickler integer(long value) {
            out.write('J');
            out.writeBytes(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(Math.toIntExact(value))
                            .array());
            return this;
        }

        private Pickler global(String module, String name) {
            out.writeBytes(bytes("c" + module + "\n" + name + "\n"));
            return this;
        }

        byte[] end() {
            out.write('.');
            return out.toByteArray();
        }
    }
}
