package io.vitrail.format.keras;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.ModelFormat;
import io.vitrail.testkit.FormatContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

class KerasArchiveContractTest extends FormatContract {
    @Override
    protected ModelFormat format() {
        return new KerasFormat();
    }

    @Override
    protected Path write(Path folder) throws IOException {
        return WrittenFile.keras(
                folder.resolve("net.keras"),
                "3.15.1",
                WrittenFile.DENSE,
                Map.of("layers/dense/vars/0", WrittenFile.KERNEL));
    }

    @Override
    protected NDList inputs(NDManager manager) {
        return new NDList(manager.ones(new Shape(2, 3)));
    }
}
