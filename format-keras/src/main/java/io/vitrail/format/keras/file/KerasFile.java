package io.vitrail.format.keras.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vitrail.api.VitrailException;
import io.vitrail.archive.ArchiveRefusal;
import io.vitrail.archive.FileMap;
import io.vitrail.archive.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Read and check a file that Keras wrote: an {@code .h5} or a {@code .keras}, whatever its name
 * says.
 *
 * <p>Every weight that the file lists is found and checked now; its bytes are read when they are
 * wanted, through a map of the file that lives as long as one of its arrays.
 */
public final class KerasFile {
    private static final String WHOLE_MODEL =
            "save the whole model in Python: model.save('model.keras'); weights alone do not tell how"
                    + " the layers are joined";
    private static final int ZIP = 0x04034b50;

    private final String name;

    private KerasFile(String name) {
        this.name = name;
    }

    /**
     * Open a file.
     *
     * @throws VitrailException of kind {@code MODEL}, with file, place and remedy
     */
    public static StoredModel open(Path file) {
        KerasFile opening = new KerasFile(String.valueOf(file.getFileName()));
        return Deadline.run(opening.name, () -> opening.read(file));
    }

    /** Return whether a folder is a SavedModel, or a file the graph of one. */
    public static boolean isSavedModel(Path file) {
        return Files.isRegularFile(file.resolve("saved_model.pb"))
                || file.endsWith("saved_model.pb");
    }

    /** Return whether a file begins as HDF5 does, whatever its name. */
    public static boolean isHdf5(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Hdf5.isOne(ByteBuffer.wrap(in.readNBytes(8)));
        } catch (IOException e) {
            return false; // opening it will say why
        }
    }

    private StoredModel read(Path file) {
        if (isSavedModel(file)) {
            Path folder = Files.isDirectory(file) ? file : file.toAbsolutePath().getParent();
            throw refusal(
                    "the folder " + folder.getFileName(),
                    "this is TensorFlow's SavedModel, a graph without Keras's layers",
                    "save it for Keras in the code that made it, model.save('model.keras'); what"
                            + " Keras 2 saved can be loaded once more: tf_keras.models.load_model('"
                            + folder.getFileName()
                            + "').save('model.keras')");
        }
        try {
            return read(FileMap.of(file));
        } catch (ArchiveRefusal refused) {
            throw refusal(refused);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL,
                    file
                            + ": cannot be read: "
                            + e.getMessage()
                            + "\n  remedy: check the path and its rights",
                    e);
        }
    }

    private VitrailException refusal(String place, String what, String remedy) {
        return Refusal.at(name, place, what, remedy);
    }

    private VitrailException refusal(ArchiveRefusal refused) {
        String what = String.valueOf(refused.getMessage());
        return refusal(
                refused.place(),
                what,
                switch (refused.kind()) {
                    case EMPTY, FOREIGN, DAMAGED -> Refusal.COPY_AGAIN;
                    case TOO_LARGE -> "save the model in half precision, or in parts";
                    case HOSTILE ->
                            "do not trust this file; ask its author for one that Keras wrote";
                });
    }

    private StoredModel read(ByteBuffer bytes) {
        if (Hdf5.isOne(bytes)) {
            return h5(Hdf5.of(name, "", bytes));
        }
        if (bytes.limit() >= 4 && bytes.getInt(0) == ZIP) {
            return archive(ZipDirectory.of(bytes));
        }
        throw refusal(
                "byte 0",
                "this is neither HDF5 (.h5) nor a zip archive (.keras), or its beginning is damaged",
                Refusal.COPY_AGAIN);
    }

    private StoredModel h5(Hdf5 hdf5) {
        String config = hdf5.text("", "model_config");
        if (config == null) {
            boolean weights =
                    !Attributes.list(hdf5, "", "layer_names").isEmpty()
                            || hdf5.isGroup("layers")
                            || hdf5.isGroup("_layer_checkpoint_dependencies");
            throw refusal(
                    "attribute model_config",
                    weights
                            ? "this file holds weights only, what model.save_weights writes"
                            : "this is HDF5, but no Keras model: it has no model_config",
                    WHOLE_MODEL);
        }
        if (!hdf5.isGroup("model_weights")) {
            throw refusal("model_weights", "the weights are missing", Refusal.SAVE_AGAIN);
        }
        String version = hdf5.text("", "keras_version");
        version = version == null ? hdf5.text("model_weights", "keras_version") : version;
        return ModelReader.read(
                name,
                major(version),
                json(config, "attribute model_config"),
                NamedWeights.of(hdf5, "model_weights"));
    }

    private StoredModel archive(ZipDirectory zip) {
        Map<String, ZipDirectory.Entry> entries = zip.entries();
        ZipDirectory.Entry config = entries.get("config.json");
        if (config == null) {
            throw refusal(
                    "the archive's entries",
                    "this is no Keras model: config.json is missing",
                    WHOLE_MODEL);
        }
        ZipDirectory.Entry weights = entries.get("model.weights.h5");
        if (weights == null) {
            throw refusal(
                    "the archive's entries",
                    "the weights are missing: there is no model.weights.h5",
                    Refusal.SAVE_AGAIN);
        }
        ZipDirectory.Entry metadata = entries.get("metadata.json");
        JsonElement about =
                metadata == null ? new JsonObject() : json(text(zip, metadata), "metadata.json");
        String version =
                about instanceof JsonObject object
                        ? ClassNames.text(object.get("keras_version"))
                        : "";
        Hdf5 hdf5 = Hdf5.of(name, "model.weights.h5", content(zip, weights));
        return ModelReader.read(
                name,
                version.isEmpty() ? 3 : major(version),
                json(text(zip, config), "config.json"),
                NumberedWeights.of(hdf5));
    }

    private ByteBuffer content(ZipDirectory zip, ZipDirectory.Entry entry) {
        try {
            return zip.content(entry);
        } catch (OutOfMemoryError e) {
            throw refusal(
                    "zip entry " + entry.name(),
                    "it grows to " + entry.size() + " bytes, more memory than there is",
                    "give Java more memory, or store the archive without compression");
        }
    }

    private static String text(ZipDirectory zip, ZipDirectory.Entry entry) {
        return new String(zip.bytes(entry), StandardCharsets.UTF_8);
    }

    /** Files that do not say are of a Keras before 2. */
    private int major(@Nullable String version) {
        String first = version == null ? "1" : version.split("\\.", 2)[0];
        if (!List.of("1", "2", "3").contains(first)) {
            throw refusal(
                    "keras_version",
                    "it was written by Keras " + version + ", known are 1 to 3",
                    "save it with Keras 2 or 3");
        }
        return Integer.parseInt(first);
    }

    private JsonElement json(String text, String place) {
        try {
            return Json.parse(text);
        } catch (Json.Malformed e) {
            throw refusal(place, "its JSON is damaged: " + e.getMessage(), Refusal.COPY_AGAIN);
        }
    }
}
