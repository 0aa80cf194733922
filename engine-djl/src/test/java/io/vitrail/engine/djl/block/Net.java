package io.vitrail.engine.djl.block;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.XavierInitializer;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A block with random weights, as an application would hold it, beside the model made of it. */
record Net(Block block, NDManager manager, Model model, List<Shape> shapes)
        implements AutoCloseable {

    /** Initialise a block on PyTorch and load it. */
    static Net of(Block block, Shape... shapes) {
        return on("PyTorch", block, shapes);
    }

    /** Initialise a block on one of DJL's engines and load it. */
    static Net on(String engine, Block block, Shape... shapes) {
        NDManager manager = Engine.getEngine(engine).newBaseManager();
        Engine.getEngine(engine).setRandomSeed(7);
        block.setInitializer(new XavierInitializer(), Parameter.Type.WEIGHT);
        block.initialize(manager, DataType.FLOAT32, shapes);
        return of(block, manager, shapes);
    }

    /** Load a block that is initialised. */
    static Net of(Block block, NDManager manager, Shape... shapes) {
        String engine = manager.getEngine().getEngineName().toLowerCase(Locale.ROOT);
        GraphSource source = new DjlBlocks().open(block, "net", List.of(shapes), engine);
        io.vitrail.api.Engine runner =
                engine.equals("mxnet") ? new MxNetEngine() : new PyTorchEngine();
        return new Net(
                block,
                manager,
                runner.load(source, io.vitrail.api.Engine.Settings.defaults()),
                List.of(shapes));
    }

    /**
     * Return inputs of random numbers between -1 and 1, of the first shape's batch times a factor.
     */
    NDList inputs(int seed, int batches) {
        Random random = new Random(seed);
        NDList inputs = new NDList();
        for (Shape shape : shapes) {
            long[] sizes = shape.getShape().clone();
            sizes[0] *= batches;
            float[] numbers = new float[(int) new Shape(sizes).size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = 2 * random.nextFloat() - 1;
            }
            inputs.add(manager.create(numbers, new Shape(sizes)));
        }
        return inputs;
    }

    /** Return what the block itself makes of inputs. */
    NDList plain(NDList inputs) {
        return block.forward(new ParameterStore(manager, false), new NDList(inputs), false);
    }

    /** Return what the model makes of inputs. */
    float[] run(NDList inputs) {
        try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
            return pass.outputs().head().toFloatArray();
        }
    }

    @Override
    public void close() {
        model.close();
        manager.close();
    }
}
