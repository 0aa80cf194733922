package org.example.npz;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.ModelFormat;
import io.vitrail.testkit.FormatContract;
import java.io.IOException;
import java.nio.file.Path;

class NpzContractTest extends FormatContract {
    @Override
    protected ModelFormat format() {
        return new NpzFormat();
    }

    @Override
    protected Path write(Path folder) throws IOException {
        return NumpyFiles.copy("net.npz", folder);
    }

    @Override
    protected NDList inputs(NDManager manager) {
        return new NDList(manager.ones(new Shape(2, 3, 2, 2)));
    }
}
