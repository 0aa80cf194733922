package io.vitrail.runtime;

import io.vitrail.api.Layers;
import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.List;

/** Find outputs of the network by name or position. */
record NamedOutputs(Layers layers) {

    /** Return the position of the output of this name, else of this position, else -1. */
    int find(String nameOrIndex) {
        List<Graph.Result> outputs = layers.graph().outputs();
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name().equals(nameOrIndex)) {
                return i;
            }
        }
        if (nameOrIndex.matches("[0-9]{1,9}")) {
            int index = Integer.parseInt(nameOrIndex);
            return index < outputs.size() ? index : -1;
        }
        return -1;
    }

    /**
     * Return the position of the output that a target is about; the first without a prefix.
     *
     * @throws VitrailException of kind {@code USAGE} if there is none of its name
     */
    int indexOf(TargetSpelling spelling) {
        if (spelling.place() == TargetSpelling.Place.NONE) {
            return 0;
        }
        int found = find(spelling.name());
        if (found < 0) {
            List<String> names = layers.graph().outputs().stream().map(Graph.Result::name).toList();
            List<String> nearest = NearestNames.of(spelling.name(), names);
            throw VitrailException.usage(
                    layers.model()
                            + ": no output '"
                            + spelling.name()
                            + "'"
                            + (nearest.isEmpty()
                                    ? ""
                                    : "\n  nearest: " + String.join(", ", nearest))
                            + "\n  all:     "
                            + String.join(", ", names)
                            + ", or 0 to "
                            + (names.size() - 1));
        }
        return found;
    }
}
