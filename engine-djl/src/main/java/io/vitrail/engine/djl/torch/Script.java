package io.vitrail.engine.djl.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A piece of TorchScript, compiled once and called natively.
 *
 * <p>The text reads {@code x: List[Tensor]} and {@code p: List[Tensor]} (weights) and returns a
 * list of tensors. So every operator of libtorch can be called, and many in one call, although DJL
 * binds few.
 */
public final class Script implements AutoCloseable {
    // pickles of protocol 2: an object of class __torch__.Script with the attribute training =
    // False
    private static final byte[] DATA =
            concat(
                    new byte[] {(byte) 0x80, 2},
                    ascii("c__torch__\nScript\n)"),
                    new byte[] {(byte) 0x81},
                    ascii("}X"),
                    new byte[] {8, 0, 0, 0},
                    ascii("training"),
                    new byte[] {(byte) 0x89},
                    ascii("sb."));
    private static final byte[] CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private final PtSymbolBlock block;
    private final boolean weights;

    private Script(PtSymbolBlock block, boolean weights) {
        this.block = block;
        this.weights = weights;
    }

    /**
     * Compile a function body.
     *
     * @param manager owns the compiled module
     * @param body statements, one a line, without indentation, the last a {@code return} of a list
     * @param weights whether the body reads {@code p}
     * @throws EngineException if libtorch refuses the text
     */
    public static Script compile(NDManager manager, String body, boolean weights) {
        return compile(manager, body, weights, "List[Tensor]");
    }

    static Script compile(NDManager manager, String body, boolean weights, String returns) {
        StringBuilder code =
                new StringBuilder(
                        "class Script(Module):\n"
                                + "  __parameters__ = []\n"
                                + "  __buffers__ = []\n"
                                + "  training : bool\n"
                                + "  def forward(self: __torch__.Script,\n"
                                + "    x: List[Tensor]");
        code.append(weights ? ",\n    p: List[Tensor]" : "")
                .append(") -> ")
                .append(returns)
                .append(":\n");
        body.lines().forEach(line -> code.append("    ").append(line).append('\n'));
        try (ByteArrayInputStream archive = new ByteArrayInputStream(archive(code.toString()))) {
            return new Script(
                    JniUtils.loadModule((PtNDManager) manager, archive, true, false), weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] archive(String code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "s/data.pkl", DATA);
            store(zip, "s/constants.pkl", CONSTANTS);
            store(zip, "s/version", ascii("10\n")); // that of torch 2.7: operators as they are now
            store(zip, "s/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /**
     * Call the script.
     *
     * @param x what it reads as {@code x}; must not be empty; arrays of one's own, for they get a
     *     name
     * @param p weights, already named by {@link #nameWeights}
     * @return what it returns, attached to the manager of the first array of {@code x}
     */
    public NDList run(NDList x, NDList p) {
        NDList all = new NDList(x.size() + p.size());
        for (NDArray array : x) {
            array.setName("x[]");
            all.add(array);
        }
        if (weights) {
            all.addAll(p);
        }
        // "train" means: with autograd as the thread has it; the module itself stays in evaluation
        // mode
        return IValueUtils.forward(block, all, true);
    }

    /** Mark an array as a weight, once and for all. */
    public static void nameWeights(NDArray array) {
        array.setName("p[]");
    }

    @Override
    public void close() {
        block.close();
    }
}
