package io.vitrail.format.keras;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.ModelFormat;
import io.vitrail.testkit.FormatContract;
import java.nio.file.Path;
import java.util.Map;

class H5ContractTest extends FormatContract {
    @Override
    protected ModelFormat format() {
        return new KerasFormat();
    }

    @Override
    protected Path write(Path folder) {
        return WrittenFile.h5(
                folder.resolve("net.h5"),
                "2.15.0",
                WrittenFile.DENSE,
                Map.of("head/head/kernel:0", WrittenFile.KERNEL));
    }

    @Override
    protected NDList inputs(NDManager manager) {
        return new NDList(manager.ones(new Shape(2, 3)));
    }
}
