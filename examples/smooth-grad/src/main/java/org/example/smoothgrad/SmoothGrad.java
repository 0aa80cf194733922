package org.example.smoothgrad;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.MethodCall;
import io.vitrail.api.Option;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.List;
import java.util.Random;

/**
 * Explain noisy copies of the input by another method, and average what it finds.
 *
 * @see <a href="https://arxiv.org/abs/1706.03825">Smilkov et al. 2017</a>
 */
public final class SmoothGrad implements ManyPassMethod {
    private static final Option<MethodCall> METHOD =
            Option.method("method", "gradient", "Which method is smoothed, and its options.");
    private static final Option<Integer> SAMPLES =
            Option.integer("samples", 25, 1, 100_000, "How many noisy copies are explained.");
    private static final Option<Double> NOISE =
            new Option<>(
                    "noise",
                    0.15,
                    "0..10",
                    "The noise's standard deviation, in units of the input's range.",
                    SmoothGrad::noise);
    private static final Option<Integer> SEED =
            Option.integer("seed", 0, 0, Integer.MAX_VALUE, "Another number is other noise.");

    /** So many copies are made at once. */
    private static final int CHUNK = 8;

    private static double noise(String text) {
        double noise;
        try {
            noise = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a number", e);
        }
        if (!(noise >= 0 && noise <= 10)) {
            throw new IllegalArgumentException("0 to 10");
        }
        return noise;
    }

    @Override
    public String id() {
        return "smooth-grad";
    }

    @Override
    public String sentence() {
        return "What another method finds on average when noise is added to the input.";
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
        return "samples x the method's";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(METHOD, SAMPLES, NOISE, SEED);
    }

    @Override
    public Attribution attribute(Session session, Request request) {
        int samples = request.option(SAMPLES);
        // the session's own seed is the run's, which is recorded with the result
        Random random = new Random(session.random().nextLong() ^ request.option(SEED));
        Noise noise = new Noise(request.option(NOISE), random, session.manager());
        Mean mean = new Mean();
        for (int done = 0; done < samples; ) {
            int copies = Math.min(CHUNK, samples - done);
            try (NDList noisy = new NDList()) {
                for (NDArray input : session.inputs()) {
                    noisy.add(noise.on(input, copies));
                }
                mean.add(session.call(request.option(METHOD), noisy, request));
            }
            done += copies;
            session.progress(done, samples);
        }
        return mean.of(request.method())
                .note("method", request.option(METHOD))
                .note("samples", samples);
    }
}
