package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasCell;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import io.vitrail.format.keras.file.FolderNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cells one behind the other, each reading what the one before returns; their states in a row. */
final class StackedCells implements KerasCell {
    @Override
    public Set<String> classNames() {
        return Set.of("StackedRNNCells");
    }

    @Override
    public List<Shape> states(LayerBuilder stack) {
        List<Shape> states = new ArrayList<>();
        for (int i = 0; i < cells(stack).size(); i++) {
            LayerBuilder cell = cell(stack, i, stack.inputs().subList(0, 1));
            states.addAll(Recurrent.cell(cell).states(cell));
        }
        return states;
    }

    @Override
    public List<Value> read(LayerBuilder stack) {
        List<Value> next = new ArrayList<>();
        Value x = stack.inputs().get(0);
        int taken = 1;
        for (int i = 0; i < cells(stack).size(); i++) {
            LayerBuilder asked = cell(stack, i, List.of(x));
            int states = Recurrent.cell(asked).states(asked).size();
            List<Value> inputs = new ArrayList<>(List.of(x));
            inputs.addAll(stack.inputs().subList(taken, taken + states));
            LayerBuilder cell = cell(stack, i, inputs);
            List<Value> made = Recurrent.cell(cell).read(cell);
            next.addAll(made.subList(1, made.size()));
            x = made.get(0);
            taken += states;
        }
        List<Value> all = new ArrayList<>(List.of(x));
        all.addAll(next);
        return all;
    }

    private static List<LayerConfig> cells(LayerBuilder stack) {
        return stack.config().children("cells");
    }

    /** A {@code .keras} counts the cells of each class. */
    private static LayerBuilder cell(LayerBuilder stack, int number, List<Value> inputs) {
        List<LayerConfig> cells = cells(stack);
        Map<String, Integer> counts = new HashMap<>();
        String folder = "";
        for (int i = 0; i <= number; i++) {
            String snake = FolderNames.snakeCase(cells.get(i).className());
            int count = counts.merge(snake, 1, Integer::sum);
            folder = count == 1 ? snake : snake + "_" + (count - 1);
        }
        LayerConfig cell = cells.get(number);
        return stack.inner(cell, cell.name(), cell.name(), "cells/" + folder, inputs);
    }
}
