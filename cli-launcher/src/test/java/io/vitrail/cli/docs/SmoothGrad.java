package io.vitrail.cli.docs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.List;

/** The mean gradient over noisy copies of the input. */
public final class SmoothGrad implements ManyPassMethod {
    private static final Option<Integer> SAMPLES =
            Option.integer("samples", 25, 1, 10_000, "How many noisy copies.");

    @Override
    public String id() {
        return "smooth-grad";
    }

    @Override
    public String sentence() {
        return "The gradient, its noise averaged away.";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public String paper() {
        return "Smilkov et al. 2017, https://arxiv.org/abs/1706.03825";
    }

    @Override
    public String cost() {
        return "samples x (1 forward, 1 backward)";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(SAMPLES);
    }

    @Override
    public Attribution attribute(Session session, Request request) {
        NDArray input = session.inputs().head();
        NDArray total = input.zerosLike();
        total.attach(session.manager());
        int samples = request.option(SAMPLES);
        for (int i = 0; i < samples; i++) {
            try (NDArray noise = noise(session, input.getShape());
                    NDArray noisy = input.add(noise)) {
                session.run(
                        Probe.atInput(),
                        new NDList(noisy),
                        pass -> total.addi(pass.gradient(request.target())));
            }
            session.progress(i + 1, samples);
        }
        return request.attribution(total.div(samples));
    }

    private static NDArray noise(Session session, Shape shape) {
        float[] noise = new float[(int) shape.size()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 0.1f * (float) session.random().nextGaussian();
        }
        return session.manager().create(noise, shape);
    }
}
