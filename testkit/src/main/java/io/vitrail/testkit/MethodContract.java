package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Check what every method owes its callers.
 *
 * <p>Extend it with the one method; an engine on the test's path runs it. The method must
 *
 * <ul>
 *   <li>have an id, a sentence and options that make sense, and be provided as a service;
 *   <li>return arrays of the shape of its place, the same in float and in double, with channels
 *       first and last;
 *   <li>give an item in a batch what it gets alone; an item of NaN harms none beside it, and is
 *       answered by numbers, NaN among them, or by a {@link VitrailException} that names the
 *       method;
 *   <li>give the same again, and on two threads at once;
 *   <li>leave inputs and passes as they were and nothing native open, whichever call fails;
 *   <li>end as soon as the caller gives up.
 * </ul>
 */
public abstract class MethodContract extends MethodManners {
    /** Create the contract; for subclasses. */
    protected MethodContract() {}

    @Test
    void resultHasTheShapeOfItsPlace() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(batch(manager, model, 2));

            Attribution result = trial().run(model, inputs);

            assertThat(result.method()).isEqualTo(method().id());
            assertThat(result.parts()).isNotEmpty();
            assertThat(result.parts().keySet())
                    .as("targets, which the runtime names")
                    .allMatch(part -> part.target().isEmpty());
            result.parts().forEach((part, values) -> checkShape(model, inputs, part, values));
        }
    }

    private static void checkShape(
            Model model, NDList inputs, Attribution.Part part, Values values) {
        if (!part.atLayer()) {
            assertThat(part.place()).isEqualTo(model.inputs().get(0).name());
            assertThat(values.shape()).isEqualTo(inputs.head().getShape().getShape());
            return;
        }
        Layer layer = model.layers(inputs).get(part.place());
        long[] whole = layer.shape().getShape();
        long[] map = Arrays.stream(layer.spatialAxes()).mapToLong(axis -> whole[axis]).toArray();
        long[] withItems = new long[map.length + 1];
        withItems[0] = whole[0];
        System.arraycopy(map, 0, withItems, 1, map.length);
        assertThat(List.of(values.shape())).containsAnyOf(whole, withItems);
    }

    @Test
    void aBatchEqualsItsItems() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDArray batch = batch(manager, model, 3);

            Attribution all = trial().run(model, new NDList(batch));

            for (int n = 0; n < 3; n++) {
                NDArray item = batch.get(new NDIndex(n + ":" + (n + 1)));
                Attribution alone = trial().run(model, new NDList(item));
                assertThat(alone.parts().keySet()).isEqualTo(all.parts().keySet());
                for (Attribution.Part part : all.parts().keySet()) {
                    Values together = all.parts().get(part).item(n);
                    assertThat(Difference.max(together, alone.parts().get(part)))
                            .as("%s, item %d", part, n)
                            .satisfiesAnyOf(
                                    d -> assertThat(d).isLessThan(1e-6),
                                    d -> assertThat(together.isZero()).isTrue());
                }
            }
        }
    }

    @Test
    void channelsLastGiveTheSameMap() {
        Optional<GraphSource> twin = networkWithChannelsLast();
        if (twin.isEmpty()) {
            return;
        }
        try (Model first = load(network());
                Model last = load(twin.get());
                NDManager manager = first.newManager()) {
            NDArray batch = batch(manager, first, 2);
            int[] toLast = {0, 2, 3, 1};
            NDArray view = batch.transpose(toLast);
            NDArray moved = manager.create(view.toFloatArray(), view.getShape());

            Attribution expected = trial().run(first, new NDList(batch));
            Attribution result = trial().run(last, new NDList(moved));

            assertThat(result.parts().keySet()).isEqualTo(expected.parts().keySet());
            result.parts()
                    .forEach(
                            (part, values) ->
                                    assertThat(channelsFirst(values, manager))
                                            .as("%s", part)
                                            .isEqualTo(expected.parts().get(part)));
        }
    }

    private static Values channelsFirst(Values values, NDManager manager) {
        int rank = values.shape().length;
        if (rank != 4 || values.axes().channel() != 3) {
            return values; // a map has no channels
        }
        NDArray array = manager.create(values.toFloats(), new Shape(values.shape()));
        return Values.copyOf(array.transpose(0, 3, 1, 2), Axes.channelsFirst(rank));
    }

    @Test
    void doublesGiveTheSameMap() {
        Optional<GraphSource> twin = networkInDouble();
        if (twin.isEmpty()) {
            return;
        }
        try (Model single = load(network());
                Model twice = load(twin.get());
                NDManager manager = single.newManager()) {
            NDArray batch = batch(manager, single, 2);

            Attribution expected = trial().run(single, new NDList(batch));
            Attribution result =
                    trial().run(twice, new NDList(batch.toType(DataType.FLOAT64, true)));

            assertThat(result.parts().keySet()).isEqualTo(expected.parts().keySet());
            result.parts()
                    .forEach(
                            (part, values) ->
                                    // both are exact but for what a formula rounds
                                    assertThat(Difference.max(values, expected.parts().get(part)))
                                            .as("%s", part)
                                            .isLessThan(1e-5));
        }
    }

    @Test
    void anItemThatIsNotANumberHarmsNoOther() {
        try (Model model = load(network());
                NDManager manager = model.newManager()) {
            NDArray sound = batch(manager, model, 2);
            float[] numbers = sound.toFloatArray();
            Arrays.fill(numbers, 0, numbers.length / 2, Float.NaN);
            NDArray half = manager.create(numbers, sound.getShape());

            Attribution expected = trial().run(model, new NDList(sound));
            Attribution result;
            try {
                result = trial().run(model, new NDList(half));
            } catch (VitrailException e) {
                assertThat(e).as("what it says of a NaN").hasMessageContaining(method().id());
                return;
            }
            assertThat(result.parts().keySet()).isEqualTo(expected.parts().keySet());
            result.parts()
                    .forEach(
                            (part, values) ->
                                    assertThat(values.item(1))
                                            .as("%s, the item beside a NaN", part)
                                            .isEqualTo(expected.parts().get(part).item(1)));
        }
    }

    @Test
    void everyInputIsExplainedOrRefused() {
        try (Model model = load(TinyNetworks.twoInputs());
                NDManager manager = model.newManager()) {
            NDList inputs =
                    new NDList(
                            manager.create(new float[] {1, -5}, new Shape(1, 2)),
                            manager.create(new float[] {2, 3, 4}, new Shape(1, 3)));
            if (method().place() != AttributionMethod.Place.INPUT_OR_LAYERS) {
                return; // without space there is nothing that it could explain
            }
            Attribution result;
            try {
                result = new Trial(method(), List.of(), target(), settings()).run(model, inputs);
            } catch (VitrailException e) {
                return;
            }
            assertThat(result.parts().keySet())
                    .extracting(Attribution.Part::place)
                    .containsExactly("a", "b");
        }
    }
}
