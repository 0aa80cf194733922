package io.vitrail.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Read a {@code .npy}, {@code .npz} or {@code .csv} file as a model's inputs. */
final class ArrayFile {
    private ArrayFile() {}

    /**
     * Return one array for each of the model's inputs, in its order and of the file's own type;
     * doubles as floats, where the model takes floats.
     *
     * <p>The keys of an {@code .npz} are {@code input}, or {@code input_0}, {@code input_1}, ...,
     * or the names of the model's inputs; others are passed by. A {@code .csv} is one input, see
     * {@link CsvInput}.
     *
     * @param manager owns the arrays
     * @throws VitrailException of kind {@code INPUT} if the file is missing or damaged, or has not
     *     these keys
     */
    static FedArrays read(Path file, Model model, NDManager manager) {
        if (Files.exists(file)) {
            NamedInput.check(file);
        }
        return switch (InputFiles.extension(file)) {
            case "npy" -> FedArrays.of(new NDList(array(Npy.read(file), model, 0, manager)));
            case "csv" -> CsvInput.read(file, model, manager);
            default -> FedArrays.of(archive(file, model, manager));
        };
    }

    private static NDList archive(Path file, Model model, NDManager manager) {
        List<String> names = model.inputs().stream().map(Graph.Port::name).toList();
        List<String> numbered =
                IntStream.range(0, names.size()).mapToObj(i -> "input_" + i).toList();
        List<List<String>> choices = new ArrayList<>();
        if (names.size() == 1) {
            choices.add(List.of("input"));
        }
        choices.add(names);
        choices.add(numbered);

        List<String> found = new ArrayList<>();
        Map<String, NpyArray> arrays =
                Npz.read(
                        file,
                        key -> {
                            found.add(key);
                            return choices.stream().anyMatch(keys -> keys.contains(key));
                        });
        for (List<String> keys : choices) {
            if (arrays.keySet().containsAll(keys)) {
                NDList inputs = new NDList();
                for (int i = 0; i < keys.size(); i++) {
                    inputs.add(array(arrays.get(keys.get(i)), model, i, manager));
                }
                return inputs;
            }
        }
        throw VitrailException.input(
                file
                        + ": not the arrays that "
                        + model.name()
                        + " is fed\n  found:  "
                        + String.join(", ", found)
                        + "\n  wanted: "
                        + choices.stream()
                                .map(keys -> String.join(", ", keys))
                                .distinct()
                                .reduce((a, b) -> a + "; or " + b)
                                .orElseThrow());
    }

    /** numpy makes doubles where nobody says what, and pictures are bytes; floats are floats. */
    private static NDArray array(NpyArray array, Model model, int index, NDManager manager) {
        Values values = array.values();
        Shape shape = new Shape(values.shape());
        List<Graph.Port> ports = model.inputs();
        boolean narrowed =
                (array.type() == DataType.FLOAT64 || array.type() == DataType.UINT8)
                        && index < ports.size()
                        && ports.get(index).type().type().isFloating()
                        && ports.get(index).type().type() != DataType.FLOAT64;
        if (narrowed) {
            return manager.create(values.toFloats(), shape);
        }
        NDArray wide =
                values.isDouble()
                        ? manager.create(values.toDoubles(), shape)
                        : manager.create(values.toFloats(), shape);
        return wide.toType(array.type(), false);
    }
}
