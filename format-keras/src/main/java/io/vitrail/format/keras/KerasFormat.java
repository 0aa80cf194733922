package io.vitrail.format.keras;

import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.Services;
import io.vitrail.format.keras.file.KerasFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Models as Keras saves them, of Keras 1.2 to 3, {@code .h5} and {@code .keras}. */
public final class KerasFormat implements ModelFormat {
    static final String ID = "keras";

    /** Create the format; for the service loader. */
    public KerasFormat() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String sentence() {
        return "What Keras's model.save writes: .keras archives, and HDF5 with the whole model.";
    }

    @Override
    public List<String> suffixes() {
        return List.of(".keras", ".h5", ".hdf5");
    }

    /** A SavedModel is claimed as well, to say what to do with it. */
    @Override
    public boolean claims(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !Files.isDirectory(file) && suffixes().stream().anyMatch(name::endsWith)
                || KerasFile.isSavedModel(file)
                || KerasFile.isHdf5(file);
    }

    @Override
    public GraphSource open(Path file) {
        return open(file, KerasLayers.ON_THE_PATH);
    }

    @Override
    public GraphSource open(Path file, Services services) {
        String name = String.valueOf(file.getFileName());
        return KerasSource.of(name, KerasFile.open(file), services);
    }
}
