package io.vitrail.cli.docs;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.guice.VitrailModule;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.List;

/** The snippets of docs/embedding.md for programs that use Guice, DJL, or several instances. */
final class Applications {
    private Applications() {}

    static Attribution guice(Path file, Path picture) {
        Injector injector = Guice.createInjector(new VitrailModule(builder -> builder.seed(7)));
        try (Vitrail vitrail = injector.getInstance(Vitrail.class);
                Model model = vitrail.load(file)) {
            return vitrail.explain(model, picture).run();
        }
    }

    static Attribution djl(Vitrail vitrail, ZooModel<Image, Classifications> zoo, Image picture)
            throws TranslateException {
        try (Predictor<Image, Classifications> predictor = zoo.newPredictor()) {
            String seen = predictor.predict(picture).best().getClassName();
            return vitrail.explain(zoo, picture).with("grad-cam").target("label:" + seen).run();
        }
    }

    static Attribution plugins(Path dir, Path file, Path picture) {
        try (Vitrail vitrail = Vitrail.builder().engine("pytorch").plugins(dir).build();
                Model model = vitrail.load(file)) {
            return vitrail.explain(model, picture).with("from-a-jar").run();
        }
    }

    static List<Attribution> several(Path file, Path picture) {
        try (Vitrail noisy = Vitrail.builder().seed(7).fit(new SmoothGrad()).open();
                Vitrail plain = Vitrail.open();
                Model model = noisy.load(file);
                Model same = plain.load(file)) {
            return List.of(
                    noisy.explain(model, picture).with("smooth-grad").run(),
                    plain.explain(same, picture).with("gradient").run());
        }
    }
}
