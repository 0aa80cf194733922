package io.vitrail.format.keras.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.StoredArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Read an HDF5 file that nobody vouches for, by the paths that are asked for and no others.
 *
 * <p>Links, which may lead to any file of the machine, are refused. Whatever the library throws at
 * a damaged file becomes a refusal. Not safe for use by several threads; the arrays it hands out
 * are.
 */
final class Hdf5 {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 100_000;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    private final String file;
    private final String inside;
    private final ByteBuffer bytes;
    private final HdfFile root;
    private final Map<String, Optional<Node>> nodes = new HashMap<>();
    private final Map<String, StoredArray> arrays = new HashMap<>();
    private int walked;

    private Hdf5(String file, String inside, ByteBuffer bytes) {
        this.file = file;
        this.inside = inside;
        this.bytes = bytes;
        this.root = guarded("the superblock", () -> HdfFile.fromByteBuffer(bytes.duplicate()));
        long end =
                guarded(
                        "the superblock",
                        () -> root.getHdfBackingStorage().getSuperblock().getEndOfFileAddress());
        if (end > bytes.limit()) {
            throw refusal(
                    "the superblock",
                    "it is cut short: of " + end + " bytes there are " + bytes.limit(),
                    Refusal.COPY_AGAIN);
        }
    }

    /** Return whether a file begins as HDF5 does. */
    static boolean isOne(ByteBuffer bytes) {
        return bytes.limit() >= SIGNATURE.length
                && bytes.slice(0, SIGNATURE.length).equals(ByteBuffer.wrap(SIGNATURE));
    }

    /**
     * Open a file and check that it is whole.
     *
     * @param file its name, for messages
     * @param inside empty, or the entry of an archive that it is: {@code model.weights.h5}
     */
    static Hdf5 of(String file, String inside, ByteBuffer bytes) {
        return new Hdf5(file, inside, bytes);
    }

    VitrailException refusal(String place, String what, String remedy) {
        return Refusal.at(file, inside.isEmpty() ? place : inside + ": " + place, what, remedy);
    }

    /** Return whether there is a group at a path; the root is the empty path. */
    boolean isGroup(String path) {
        return node(path) instanceof Group;
    }

    /** Return the names in a group, in the file's order. */
    Set<String> children(String path) {
        if (!(node(path) instanceof Group group)) {
            throw refusal(path, "this group is missing", Refusal.SAVE_AGAIN);
        }
        Set<String> names = guarded(path, () -> group.getChildren().keySet());
        walked += names.size();
        if (walked > MAX_NODES) {
            throw refusal(
                    path, "there are more than " + MAX_NODES + " objects", Refusal.SAVE_AGAIN);
        }
        return names;
    }

    /** Return the texts of an attribute, or null where there is no such attribute. */
    @Nullable List<String> texts(String path, String name) {
        Node node = node(path);
        String place = (path.isEmpty() ? "" : path + ", ") + "attribute " + name;
        Attribute attribute = node == null ? null : guarded(place, () -> node.getAttribute(name));
        if (attribute == null) {
            return null;
        }
        Object data = guarded(place, () -> data(attribute, place));
        List<String> texts = new ArrayList<>();
        for (Object text : data instanceof Object[] many ? many : new Object[] {data}) {
            if (!(text instanceof String string)) {
                throw refusal(place, "it holds no text", Refusal.SAVE_AGAIN);
            }
            texts.add(string);
        }
        return texts;
    }

    /** Keras writes an empty list as an array of numbers without elements. */
    private Object data(Attribute attribute, String place) {
        if (attribute.isEmpty() || attribute.getSize() == 0) {
            return new Object[0];
        }
        long width = Math.max(1, attribute.getDataType().getSize());
        if (attribute.getSize() < 0 || attribute.getSize() > bytes.limit() / width) {
            throw refusal(
                    place,
                    "it claims " + attribute.getSize() + " elements, more than the file can hold",
                    Refusal.COPY_AGAIN);
        }
        return attribute.getData();
    }

    /** Return the one text of an attribute, or null where there is no such attribute. */
    @Nullable String text(String path, String name) {
        List<String> texts = texts(path, name);
        if (texts != null && texts.size() != 1) {
            throw refusal(
                    path + ", attribute " + name,
                    "it holds " + texts.size() + " texts, not one",
                    Refusal.SAVE_AGAIN);
        }
        return texts == null ? null : texts.get(0);
    }

    /** Return a dataset, its type, shape and place checked, or null where there is none. */
    @Nullable StoredArray array(String path) {
        StoredArray known = arrays.get(path);
        if (known != null) {
            return known;
        }
        if (!(node(path) instanceof Dataset dataset)) {
            return null;
        }
        Hdf5Array array = new Hdf5Array(this, path, bytes);
        StoredArray stored = guarded(path, () -> array.stored(dataset, root.getUserBlockSize()));
        arrays.put(path, stored);
        return stored;
    }

    private @Nullable Node node(String path) {
        if (path.isEmpty()) {
            return root;
        }
        Optional<Node> known = nodes.get(path);
        if (known == null) {
            known = Optional.ofNullable(find(path));
            nodes.put(path, known);
        }
        return known.orElse(null);
    }

    private @Nullable Node find(String path) {
        if (path.chars().filter(c -> c == '/').count() >= MAX_DEPTH) {
            throw refusal(
                    path, "it is nested more than " + MAX_DEPTH + " deep", Refusal.SAVE_AGAIN);
        }
        int last = path.lastIndexOf('/');
        if (!(node(path.substring(0, Math.max(last, 0))) instanceof Group group)) {
            return null;
        }
        Node node = guarded(path, () -> group.getChildren().get(path.substring(last + 1)));
        if (node != null && node.isLink()) {
            throw refusal(
                    path,
                    "this is a link, which may lead out of the file",
                    "do not trust this file; Keras writes no links");
        }
        return node;
    }

    /** Run the library, whose ways to fail at a damaged file are many. */
    <T> T guarded(String place, Supplier<T> work) {
        try {
            return work.get();
        } catch (VitrailException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw failed(place, "its HDF5 structure is damaged, or newer than is read", e);
        } catch (OutOfMemoryError e) {
            throw failed(place, "it asks for more memory than there is", e);
        }
    }

    /** The library's own words are worth showing, those of a buffer that ended are not. */
    private VitrailException failed(String place, String what, Throwable cause) {
        String why = "";
        for (Throwable each = cause; each instanceof HdfException; each = each.getCause()) {
            why = ": " + String.valueOf(each.getMessage()).lines().findFirst().orElse("");
        }
        VitrailException refusal = refusal(place, what + why, Refusal.COPY_AGAIN);
        refusal.initCause(cause);
        return refusal;
    }
}
