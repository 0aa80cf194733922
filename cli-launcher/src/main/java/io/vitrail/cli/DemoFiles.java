package io.vitrail.cli;

import io.vitrail.demo.Demo;
import io.vitrail.demo.Scene;
import io.vitrail.demo.Scenes;
import io.vitrail.render.FileBeside;
import io.vitrail.render.PngWriter;
import io.vitrail.runtime.Sidecar;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The files of the demo, so that its user can go on with them.
 *
 * @param model the network, an ordinary TorchScript archive, with a sidecar beside it
 * @param picture the scene
 * @param sheet where the result goes
 */
record DemoFiles(Path model, Path picture, Path sheet) {
    private static final List<Long> SHAPE = List.of(1L, 3L, (long) Scenes.SIDE, (long) Scenes.SIDE);

    /** Return what lies in a folder, or will. */
    static DemoFiles in(Path folder) {
        return new DemoFiles(
                folder.resolve("shapes.pt"),
                folder.resolve("scene.png"),
                folder.resolve("demo.png"));
    }

    /** Write network, sidecar and picture. */
    static DemoFiles write(Path folder, Scene scene) {
        DemoFiles files = in(folder);
        FileBeside.write(
                files.model,
                stream -> {
                    try (InputStream archive = Demo.model()) {
                        archive.transferTo(stream);
                    }
                });
        new Sidecar(Demo.PREPROCESS, Demo.labels(), "", Demo.LAYER, 0, SHAPE)
                .write(Sidecar.beside(files.model));
        PngWriter.write(
                files.picture, scene.image(), Map.of("Software", "Vitrail " + Version.number()));
        return files;
    }
}
