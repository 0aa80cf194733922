package io.vitrail.cli.readme;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.render.Overlay;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;

final class Explain {
    private Explain() {}

    static void run(Path file, Path picture, Path out) {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file)) {
            Attribution heat =
                    vitrail.explain(model, picture)
                            .preprocess("unit,size=96")
                            .with("grad-cam")
                            .run();
            Overlay.of(heat, picture).save(out); // predicted class, last spatial layer
        }
    }
}
