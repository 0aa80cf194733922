package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers are worked out by hand. */
class ClassMeansTest {
    private static Values map(int height, int width, float... values) {
        return Values.of(values, new Axes(List.of(1, 2), -1), 1, height, width);
    }

    private static float[] mean(ClassMeans means, String name) {
        return means.means().stream()
                .filter(mean -> mean.name().equals(name))
                .findFirst()
                .orElseThrow()
                .map()
                .toFloats();
    }

    @Test
    void eachClassHasTheMeanOfItsMaps() {
        ClassMeans means = new ClassMeans();
        means.add("cat", map(2, 2, 0, 4, 8, 12));
        means.add("dog", map(2, 2, 1, 1, 1, 1));
        means.add("cat", map(2, 2, 2, 2, 2, 2));
        means.add("cat", map(2, 2, 1, 0, -4, 1));

        assertThat(means.means())
                .extracting(ClassMeans.Mean::name, ClassMeans.Mean::count)
                .containsExactly(tuple("cat", 3L), tuple("dog", 1L));
        assertThat(means.means().get(0).map()).isEqualTo(map(2, 2, 1, 2, 2, 5));
        assertThat(mean(means, "dog")).containsExactly(1, 1, 1, 1);
    }

    @Test
    void channelsAreSummed() {
        ClassMeans means = new ClassMeans();
        means.add("a", Values.of(new float[] {1, 2, 3, 4}, Axes.channelsFirst(4), 1, 2, 1, 2));

        assertThat(mean(means, "a")).containsExactly(4, 6);
    }

    /**
     * A triangle two source pixels wide: 3/7, 3/7, 1/7 of the first three, 1/7, 3/7, 3/7 of the
     * last three, as Pillow has it for floats.
     */
    @Test
    void mapsOfAnotherSizeAreResizedToTheFirst() {
        ClassMeans means = new ClassMeans();
        means.add("a", map(1, 2, 1, 2));
        means.add("b", map(1, 4, 7, 14, 0, 0));
        means.add("c", map(1, 1, 5));

        assertThat(mean(means, "b")).containsExactly(9, 2);
        assertThat(mean(means, "c")).containsExactly(5, 5);
    }

    @Test
    void aLargeMapIsMadeSmallerInProportion() {
        assertThat(ClassMeans.reduced(map(1, 4, 7, 14, 0, 0), 2)).contains(map(1, 2, 9, 2));
        assertThat(ClassMeans.reduced(map(448, 224, new float[448 * 224]), 64))
                .contains(map(64, 32, new float[64 * 32]));
        assertThat(ClassMeans.reduced(map(1, 2, 3, 4), 64)).contains(map(1, 2, 3, 4));
    }

    @Test
    void whatIsNoMapDoesNotCount() {
        ClassMeans means = new ClassMeans();

        assertThat(means.add("a", Values.of(new float[] {1, 2}, Axes.NONE, 1, 2))).isFalse();
        assertThat(means.add("a", map(1, 2, Float.NaN, Float.NaN))).isFalse();
        assertThat(means.add("a", map(1, 2, Float.NaN, 3))).isTrue();
        assertThat(mean(means, "a")).containsExactly(0, 3);
    }

    @Test
    void classesBeyondTheLimitAreLeftOutAndCounted() {
        ClassMeans means = new ClassMeans(64, 2);
        for (String name : List.of("a", "b", "c", "a", "c")) {
            means.add(name, map(1, 1, 1));
        }

        assertThat(means.means()).extracting(ClassMeans.Mean::name).containsExactly("a", "b");
        assertThat(means.beyond()).isEqualTo(2);
    }

    @Test
    void manySmallNumbersAreNotLostBesideLargeOnes() {
        ClassMeans means = new ClassMeans();
        for (int i = 0; i < 1 << 20; i++) {
            means.add("a", map(1, 1, i == 0 ? 1 << 24 : 1)); // float sums would stay at 2^24
        }

        assertThat(mean(means, "a")).containsExactly(17 - 0x1p-20f);
    }
}
