package io.vitrail.engine.djl.torchscript;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Read modules that libtorch has loaded already, by way of a file. */
public final class LoadedModules {
    private LoadedModules() {}

    /**
     * Read a module; it is neither changed nor closed.
     *
     * @param name what it is called in messages
     * @throws VitrailException as {@link TorchScriptFormat#open}
     */
    public static GraphSource open(PtSymbolBlock module, String name) {
        try {
            Path file = Files.createTempFile("vitrail", ".pt");
            try {
                try (OutputStream out = Files.newOutputStream(file)) {
                    JniUtils.writeModule(module, out, false);
                }
                return TorchScriptFormat.open(file, name);
            } finally {
                file.toFile().deleteOnExit(); // where a mapped file cannot be deleted
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    name + ": cannot be written to a temporary file: " + e.getMessage(),
                    e);
        }
    }
}
