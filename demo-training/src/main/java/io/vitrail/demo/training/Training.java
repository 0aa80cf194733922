package io.vitrail.demo.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Scene;
import io.vitrail.demo.Scenes;
import io.vitrail.engine.djl.TorchScriptWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Train the demo's network and write its archive.
 *
 * <p>Adam (Kingma and Ba 2014) on the binary cross-entropy of every class, the rate falling along
 * half a cosine. Each scene is drawn once, from seeds that are not held out.
 */
public final class Training {
    private static final int BATCH = 64;
    private static final float RATE = 2e-3f;
    private static final int REPORT = 100;
    private static final int SEED = 8;

    private Training() {}

    /**
     * Train and write.
     *
     * @param arguments the file to write, and optionally the number of batches
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1200;
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed(SEED);
        ShapeNet net = new ShapeNet(Demo.labels().size());
        try (Model model = Model.newInstance("shapes", Device.cpu(), "PyTorch")) {
            model.setBlock(net.block());
            Loss loss = Loss.sigmoidBinaryCrossEntropyLoss();
            Optimizer adam =
                    Optimizer.adam()
                            .optLearningRateTracker(
                                    Tracker.cosine()
                                            .setBaseValue(RATE)
                                            .optFinalValue(RATE / 200)
                                            .setMaxUpdates(steps)
                                            .build())
                            .build();
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(loss)
                            .optOptimizer(adam)
                            .optDevices(new Device[] {Device.cpu()});
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(1, 3, Scenes.SIDE, Scenes.SIDE));
                Evaluation evaluation = new Evaluation(net, trainer.getManager());
                long start = System.nanoTime();
                for (int step = 1; step <= steps; step++) {
                    float value = step(trainer, loss, step);
                    if (step % REPORT == 0 || step == steps) {
                        report(step, value, start, evaluation);
                        write(net, file);
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "held out: accuracy %.4f, map on the right shape %.3f%n",
                        evaluation.accuracy(2000),
                        evaluation.pointing(200));
            }
        }
    }

    private static float step(Trainer trainer, Loss loss, int step) {
        long first = Scenes.FIRST_TRAINING_SEED + (long) (step - 1) * BATCH;
        List<Scene> scenes =
                LongStream.range(first, first + BATCH).mapToObj(Scenes::scene).toList();
        try (NDManager scope = trainer.getManager().newSubManager()) {
            NDList pictures = new NDList(Batch.pictures(scope, scenes));
            NDList answers = new NDList(Batch.answers(scope, scenes));
            float value;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDArray error = loss.evaluate(answers, trainer.forward(pictures));
                error.attach(scope);
                collector.backward(error);
                value = error.toFloatArray()[0];
            }
            trainer.step();
            return value;
        }
    }

    private static void report(int step, float loss, long start, Evaluation evaluation) {
        System.out.printf(
                Locale.ROOT,
                "%5d batches, %4d s: loss %.4f, held out: accuracy %.4f, map on the right shape %.2f%n",
                step,
                (System.nanoTime() - start) / 1_000_000_000,
                loss,
                evaluation.accuracy(200),
                evaluation.pointing(100));
    }

    private static void write(ShapeNet net, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            TorchScriptWriter.write(net.module(), "shapes", out);
        }
    }
}
