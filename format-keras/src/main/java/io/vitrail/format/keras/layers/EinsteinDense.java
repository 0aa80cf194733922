package io.vitrail.format.keras.layers;

import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A matrix product along axes that an equation names, {@code abc,cde->abde}: of the input, of the
 * kernel, of the output.
 *
 * <p>Axes of both that the output lacks are summed over; an axis that all three have is not read.
 */
final class EinsteinDense implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("EinsumDense");
    }

    /** The axes by their letters. */
    private record Equation(String input, String kernel, String output) {
        String summed() {
            return only(input, c -> kernel.indexOf(c) >= 0);
        }

        /** Return the input's other axes. */
        String kept() {
            return only(input, c -> kernel.indexOf(c) < 0);
        }

        /** Return the axes that the kernel adds. */
        String added() {
            return only(kernel, c -> input.indexOf(c) < 0);
        }

        private static String only(String letters, IntPredicate wanted) {
            return letters.chars()
                    .filter(wanted)
                    .collect(
                            StringBuilder::new,
                            StringBuilder::appendCodePoint,
                            StringBuilder::append)
                    .toString();
        }
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.input();
        Equation equation = equation(layer, layer.rank(x));
        Map<Character, Long> sizes = sizes(layer, x, equation);
        List<Integer> order = order(equation.kept() + equation.summed(), equation.input());
        Value ordered = layer.add(new Operator.Permute(order), x);
        List<Long> row = sized(equation.kept(), sizes);
        row.set(0, -1L);
        row.add(product(sized(equation.summed(), sizes)));
        Value rows = layer.add(new Operator.Reshape(row), ordered);
        Map<String, Parameter> weights = new LinkedHashMap<>();
        List<Long> flat =
                List.of(
                        product(sized(equation.added(), sizes)),
                        product(sized(equation.summed(), sizes)));
        weights.put(
                "weight",
                layer.weight(
                        "kernel",
                        0,
                        Convolutions.shape(sized(equation.kernel(), sizes)),
                        order(equation.added() + equation.summed(), equation.kernel()),
                        Convolutions.shape(flat)));
        Value product = layer.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, rows);
        List<Long> whole = sized(equation.kept() + equation.added(), sizes);
        whole.set(0, -1L);
        Value apart = layer.add(new Operator.Reshape(whole), product);
        Value output =
                layer.add(
                        new Operator.Permute(
                                order(equation.output(), equation.kept() + equation.added())),
                        apart);
        return List.of(layer.activate("activation", biased(layer, output, equation, sizes)));
    }

    private static Value biased(
            LayerBuilder layer, Value output, Equation equation, Map<Character, Long> sizes) {
        String axes = layer.config().string("bias_axes", "");
        if (axes.isEmpty()) {
            return output;
        }
        List<Long> stored = new ArrayList<>();
        List<Long> spread = new ArrayList<>();
        for (char letter : equation.output().toCharArray()) {
            boolean has = axes.indexOf(letter) >= 0;
            spread.add(has ? sizes.get(letter) : 1L);
            if (has) {
                stored.add(sizes.get(letter));
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            order.add(i);
        }
        Parameter bias =
                layer.weight(
                        "bias", 1, Convolutions.shape(stored), order, Convolutions.shape(spread));
        Value constant = layer.add("bias", new Operator.Constant(), Map.of("value", bias));
        return layer.add(new Operator.Add(), output, constant);
    }

    private static Equation equation(LayerBuilder layer, int rank) {
        String text = layer.config().string("equation").replace(" ", "");
        String[] parts = text.split(",|->");
        if (parts.length != 3) {
            throw unknown(layer, text);
        }
        if (parts[0].startsWith("...") && parts[2].startsWith("...")) {
            StringBuilder dots = new StringBuilder();
            for (int i = parts[0].length() - 3; i < rank; i++) {
                dots.append((char) ('0' + i));
            }
            parts[0] = dots + parts[0].substring(3);
            parts[2] = dots + parts[2].substring(3);
        }
        Equation equation = new Equation(parts[0], parts[1], parts[2]);
        boolean fits =
                equation.input.length() == rank
                        && distinct(equation.input)
                        && distinct(equation.kernel)
                        && distinct(equation.output)
                        && sorted(equation.kept() + equation.added())
                                .equals(sorted(equation.output))
                        && !equation.kept().isEmpty()
                        && equation.input.charAt(0) == equation.output.charAt(0)
                        && equation.kept().charAt(0) == equation.input.charAt(0);
        if (!fits) {
            throw unknown(layer, text);
        }
        return equation;
    }

    private static VitrailException unknown(LayerBuilder layer, String text) {
        return layer.refusal(
                "has the equation '" + text + "'",
                "an axis is one of the kernel that is summed over or added, or one of the input"
                        + " alone, the batch in front");
    }

    private static boolean distinct(String letters) {
        return letters.chars().distinct().count() == letters.length();
    }

    private static String sorted(String letters) {
        return Equation.only(
                letters.chars()
                        .sorted()
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString(),
                c -> true);
    }

    /**
     * The configuration has the sizes of the output, less the batch; null stands for the input's.
     */
    private static Map<Character, Long> sizes(LayerBuilder layer, Value x, Equation equation) {
        Map<Character, Long> sizes = new LinkedHashMap<>();
        for (int i = 0; i < equation.input().length(); i++) {
            sizes.put(equation.input().charAt(i), layer.shape(x).get(i));
        }
        List<?> shape =
                layer.config().value("output_shape") instanceof List<?> list
                        ? list
                        : List.of(layer.config().integer("output_shape"));
        String output = equation.output();
        for (int i = 0; i < shape.size(); i++) { // from behind, for ... stands in front
            int at = output.length() - shape.size() + i;
            if (at > 0 && shape.get(i) instanceof Long size) {
                sizes.putIfAbsent(output.charAt(at), size);
            }
        }
        for (char letter : (equation.kernel() + output).toCharArray()) {
            if (!sizes.containsKey(letter)) {
                throw layer.refusal(
                        "leaves the size of its axis '" + letter + "' open",
                        "save the model again");
            }
        }
        return sizes;
    }

    private static List<Long> sized(String letters, Map<Character, Long> sizes) {
        List<Long> sized = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            sized.add(sizes.getOrDefault(letter, 1L));
        }
        return sized;
    }

    private static long product(List<Long> sizes) {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    /** Return where each letter stands among others. */
    private static List<Integer> order(String letters, String among) {
        return letters.chars().mapToObj(among::indexOf).toList();
    }
}
