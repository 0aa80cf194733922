package org.example.npz;

import io.vitrail.api.FileProblem;
import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Read a perceptron that NumPy wrote: {@code np.savez("net.npz", input=[3, 32, 32], W1=w, b1=b,
 * W2=..., b2=...)}.
 *
 * <p>Layer by layer it computes {@code x @ W + b}, with a ReLU between two layers; {@code b} may be
 * left out. {@code input} is the shape of one item; without it an item is a vector.
 */
public final class NpzFormat implements ModelFormat {
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    @Override
    public String id() {
        return "npz";
    }

    @Override
    public String sentence() {
        return "A perceptron in NumPy's npz: W1, b1, W2, b2, ... and the input's shape.";
    }

    @Override
    public List<String> suffixes() {
        return List.of(".npz");
    }

    @Override
    public boolean claims(Path file) {
        if (!file.getFileName().toString().endsWith(".npz")) {
            return false;
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return Arrays.equals(bytes.readNBytes(ZIP.length), ZIP);
        } catch (IOException e) {
            return false; // whoever opens it hears why
        }
    }

    @Override
    public GraphSource open(Path file) {
        try {
            return new Perceptron(file.getFileName().toString(), Npz.read(file));
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL, file + ": " + FileProblem.said(e), e);
        } catch (IllegalArgumentException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL, file + ": " + e.getMessage(), e);
        }
    }
}
