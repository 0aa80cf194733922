package io.vitrail.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Make the input of a model out of a table.
 *
 * <p>Of a model that takes steps and channels, rows are steps and columns are channels, in either
 * order of its axes: the one that its file says, else the one that it runs on, (1, channels, steps)
 * first. Of one that takes a vector or tokens, a single column is one item, step by step; else each
 * row is an item.
 */
final class CsvInput {
    private final Path file;
    private final CsvTable table;
    private final Model model;

    private CsvInput(Path file, Model model) {
        this.file = file;
        this.model = model;
        this.table = CsvTable.read(file);
    }

    /**
     * Read a file as the only input of a model.
     *
     * @param manager owns the array
     * @throws VitrailException of kind {@code INPUT} if it cannot be read, see {@link CsvTable}, or
     *     does not fit
     */
    static FedArrays read(Path file, Model model, NDManager manager) {
        return new CsvInput(file, model).fed(manager);
    }

    private FedArrays fed(NDManager manager) {
        if (model.inputs().size() > 1) {
            throw refused(
                    "is one array, "
                            + model.name()
                            + " takes "
                            + model.inputs().size()
                            + "\n  do:  feed an .npz with the keys "
                            + String.join(
                                    ", ", model.inputs().stream().map(Graph.Port::name).toList()));
        }
        boolean known =
                !model.inputs().isEmpty() && model.inputs().get(0).type().shape().dimension() > 0;
        boolean row = known ? rank() == 2 : !table.words().isEmpty();
        if (known && rank() != 2 && rank() != 3) {
            throw refused(
                    "holds a series or a table, "
                            + model.name()
                            + " takes "
                            + AskedShape.spelled(model.inputs().get(0).type().shape())
                            + "\n  do:  feed an .npy");
        }
        if (row) {
            List<String> words = table.columns() == 1 ? table.words() : List.of();
            NDList vector = new NDList(vector(manager));
            return new FedArrays(vector, List.of(), words, Optional.empty());
        }
        return series(manager, known);
    }

    private int rank() {
        return model.inputs().get(0).type().shape().dimension();
    }

    private NDArray vector(NDManager manager) {
        int items = table.columns() == 1 ? 1 : table.rows().length;
        if (items > 1) {
            fits(
                    model.inputs().get(0).type().shape().get(1),
                    "; rows are items, but a single column is one");
        }
        return array(manager, flat(false), new Shape(items, -1));
    }

    private FedArrays series(NDManager manager, boolean known) {
        Shape declared = known ? model.inputs().get(0).type().shape() : new Shape(-1, -1, -1);
        boolean behind = known && model.inputs().get(0).type().axes().channel() == 2;
        boolean onlyBehind =
                declared.get(1) > 0
                        && declared.get(1) != table.columns()
                        && declared.get(2) == table.columns();
        if (behind || onlyBehind) {
            fits(declared.get(2), "; rows are steps, columns are channels");
            return of(steps(manager, true), !behind);
        }
        fits(declared.get(1), "; rows are steps, columns are channels");
        NDArray inFront = steps(manager, false);
        try {
            model.layers(new NDList(inFront));
            return of(inFront, false);
        } catch (VitrailException e) {
            if (e.kind() != VitrailException.Kind.INPUT) {
                throw e;
            }
            NDArray turned = steps(manager, true);
            try {
                model.layers(new NDList(turned));
            } catch (VitrailException second) {
                throw e; // what PyTorch's own order met is what most networks would say
            }
            return of(turned, true);
        }
    }

    /**
     * @param turned whether the channels are behind although the file does not say so, as those of
     *     a recurrent layer of PyTorch
     */
    private FedArrays of(NDArray array, boolean turned) {
        return new FedArrays(
                new NDList(array),
                table.header(),
                List.of(),
                turned ? Optional.of(Axes.channelsLast(3)) : Optional.empty());
    }

    private NDArray steps(NDManager manager, boolean channelsBehind) {
        int steps = table.rows().length;
        int channels = table.columns();
        Shape shape =
                channelsBehind ? new Shape(1, steps, channels) : new Shape(1, channels, steps);
        return array(manager, flat(!channelsBehind), shape);
    }

    private void fits(long wanted, String form) {
        if (wanted > 0 && wanted != table.columns()) {
            throw refused(
                    "has "
                            + table.columns()
                            + (table.columns() == 1 ? " column" : " columns")
                            + (table.header().isEmpty()
                                    ? ""
                                    : " (" + String.join(", ", table.header()) + ")")
                            + ", "
                            + model.name()
                            + " takes "
                            + wanted
                            + form);
        }
    }

    private double[] flat(boolean columnByColumn) {
        double[][] rows = table.rows();
        double[] flat = new double[Math.multiplyExact(rows.length, table.columns())];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < rows[i].length; k++) {
                int at = columnByColumn ? k * rows.length + i : i * rows[i].length + k;
                flat[at] = rows[i][k];
            }
        }
        return flat;
    }

    private NDArray array(NDManager manager, double[] numbers, Shape shape) {
        long[] sizes = shape.getShape().clone();
        if (sizes[1] < 0) {
            sizes[1] = numbers.length / sizes[0];
        }
        Shape whole = new Shape(sizes);
        DataType type =
                model.inputs().isEmpty() ? DataType.FLOAT32 : model.inputs().get(0).type().type();
        if (!table.words().isEmpty() && type.isFloating()) {
            type = DataType.INT64; // a scripted file does not say that it takes tokens
        }
        if (type == DataType.FLOAT64) {
            return manager.create(numbers, whole);
        }
        if (type.isFloating()) {
            float[] floats = new float[numbers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) numbers[i];
            }
            return manager.create(floats, whole);
        }
        return manager.create(whole(numbers), whole).toType(type, false);
    }

    private long[] whole(double[] numbers) {
        for (int i = 0; i < table.rows().length; i++) {
            for (int k = 0; k < table.columns(); k++) {
                double number = table.rows()[i][k];
                if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
                    throw refused(
                            "line "
                                    + table.lines()[i]
                                    + ": "
                                    + number
                                    + " where "
                                    + model.name()
                                    + " takes whole numbers");
                }
            }
        }
        long[] whole = new long[numbers.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (long) numbers[i];
        }
        return whole;
    }

    private VitrailException refused(String what) {
        return VitrailException.input(file + ": " + what);
    }
}
