package io.vitrail.api;

import java.nio.file.Path;
import java.util.List;

/** A format of model files, found through {@link java.util.ServiceLoader}. */
public interface ModelFormat {
    /** Return the id: {@code torchscript}. */
    String id();

    /** Return what the format is, in one sentence. */
    String sentence();

    /** Return the suffixes that such files usually have, with the dot: {@code .pt}. */
    List<String> suffixes();

    /**
     * Return whether a file claims to be of this format, from its name and its first bytes alone.
     */
    boolean claims(Path file);

    /**
     * Read and check a file, which is hostile until then; execute nothing of what it contains.
     *
     * @throws VitrailException of kind {@code MODEL}, with file, place and remedy, if it is refused
     */
    GraphSource open(Path file);

    /**
     * Read and check a file with the help of others, such as readers of layers that a plugin
     * provides. The runtime calls this one; without a word it is {@link #open(Path)}.
     *
     * @throws VitrailException as {@link #open(Path)} does
     */
    default GraphSource open(Path file, Services services) {
        return open(file);
    }
}
