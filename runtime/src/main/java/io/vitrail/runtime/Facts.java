package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a batch came to.
 *
 * @param boxes one an item if the network is a detector, else none
 */
record Facts(
        int items,
        Map<String, Values> outputs,
        ClassVector classes,
        List<BoxesOfItem> boxes,
        List<Scored> scored,
        Map<String, Attribution> attributions,
        List<Warning> warnings,
        List<Prepared> seen) {

    Facts {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        boxes = List.copyOf(boxes);
        scored = List.copyOf(scored);
        attributions = Collections.unmodifiableMap(new LinkedHashMap<>(attributions));
        warnings = List.copyOf(warnings);
        seen = List.copyOf(seen);
    }

    /** Return what one item came to. */
    Facts item(int n) {
        List<Warning> own =
                warnings.stream()
                        .filter(warning -> warning.item() == n)
                        .map(Warning::ofOnlyItem)
                        .toList();
        return new Facts(
                1,
                mapped(outputs, values -> Joining.item(values, n, items)),
                classes.item(n),
                boxes.isEmpty() ? boxes : boxes.subList(n, n + 1),
                scored.stream().map(one -> one.item(n)).toList(),
                Emptiness.noted(mapped(attributions, one -> Joining.item(one, n, items)), own),
                own,
                seen.isEmpty() ? seen : seen.subList(n, n + 1));
    }

    /** Return what several batches came to together. */
    static Facts joined(List<Facts> batches) {
        Facts first = batches.get(0);
        if (batches.size() == 1) {
            return first;
        }
        Map<String, Values> outputs = new LinkedHashMap<>();
        for (String name : first.outputs.keySet()) {
            outputs.put(
                    name,
                    Joining.values(batches.stream().map(one -> one.outputs.get(name)).toList()));
        }
        Map<String, Attribution> attributions = new LinkedHashMap<>();
        for (String method : first.attributions.keySet()) {
            attributions.put(
                    method,
                    Joining.attributions(
                            batches.stream().map(one -> one.attributions.get(method)).toList()));
        }
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < first.scored.size(); i++) {
            int target = i;
            scored.add(Scored.joined(batches.stream().map(b -> b.scored.get(target)).toList()));
        }
        List<Warning> warnings = new ArrayList<>();
        List<Prepared> seen = new ArrayList<>();
        int items = 0;
        for (Facts batch : batches) {
            for (Warning warning : batch.warnings) {
                warnings.add(warning.later(items));
            }
            seen.addAll(batch.seen);
            items += batch.items;
        }
        return new Facts(
                items,
                outputs,
                ClassVector.joined(batches.stream().map(Facts::classes).toList()),
                batches.stream().flatMap(one -> one.boxes.stream()).toList(),
                scored,
                Emptiness.noted(attributions, warnings),
                warnings,
                seen);
    }

    private static <T> Map<String, T> mapped(Map<String, T> map, Function<T, T> change) {
        Map<String, T> changed = new LinkedHashMap<>();
        map.forEach((key, value) -> changed.put(key, change.apply(value)));
        return changed;
    }
}
