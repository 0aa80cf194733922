package io.vitrail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ScenesTest {
    private static final int PIXELS = Scenes.SIDE * Scenes.SIDE;
    private static final List<Scene> SCENES = Demo.heldOut(400).toList();

    /** Recorded on OpenJDK 17, interpreted and compiled: the network was trained on these. */
    @Test
    void aSeedIsTheSamePictureEverywhere() {
        CRC32 sum = new CRC32();
        SCENES.subList(0, 50).forEach(scene -> sum.update(scene.rgb()));
        assertThat(sum.getValue()).isEqualTo(3698988227L);
    }

    @Test
    void aSceneShowsTwoOrThreeShapesOfDifferentClasses() {
        assertThat(SCENES).extracting(scene -> scene.items().size()).containsOnly(2, 3);
        assertThat(SCENES)
                .allSatisfy(
                        scene ->
                                assertThat(scene.items())
                                        .extracting(Item::label)
                                        .doesNotHaveDuplicates()
                                        .isSorted());
    }

    @Test
    void everyClassIsShownEquallyOften() {
        // 2.5 of 8 classes in the mean; the standard deviation over 400 scenes is 0.023
        for (int label = 0; label < Demo.labels().size(); label++) {
            int wanted = label;
            double share = SCENES.stream().filter(scene -> scene.shows(wanted)).count() / 400.0;
            assertThat(share).isCloseTo(2.5 / 8, within(0.08));
        }
    }

    @Test
    void shapesNeitherTouchNorLeaveThePicture() {
        for (Scene scene : SCENES) {
            List<Integer> taken = new ArrayList<>();
            for (Item item : scene.items()) {
                boolean[] mask = item.mask();
                assertThat(item.pixels()).isBetween(150, 1400);
                for (int i = 0; i < PIXELS; i++) {
                    if (mask[i]) {
                        taken.add(i);
                        assertThat(i % Scenes.SIDE).isBetween(1, Scenes.SIDE - 2);
                        assertThat(i / Scenes.SIDE).isBetween(1, Scenes.SIDE - 2);
                    }
                }
            }
            assertThat(new HashSet<>(taken)).hasSameSizeAs(taken);
        }
    }

    @Test
    void colourDoesNotGiveTheClassAway() {
        double[] colour = new double[3 * Demo.labels().size()];
        int[] pixels = new int[Demo.labels().size()];
        for (Scene scene : SCENES) {
            byte[] rgb = scene.rgb();
            for (Item item : scene.items()) {
                boolean[] mask = item.mask();
                for (int i = 0; i < PIXELS; i++) {
                    for (int channel = 0; channel < 3 && mask[i]; channel++) {
                        colour[3 * item.label() + channel] += rgb[3 * i + channel] & 0xFF;
                    }
                }
                pixels[item.label()] += item.pixels();
            }
        }
        double mean = Arrays.stream(colour).sum() / 3 / Arrays.stream(pixels).sum();
        for (int i = 0; i < colour.length; i++) {
            // about 125 shapes a class, each with a colour of its own that strays by 70 of 255: a
            // mean strays by 7, and none of 24 by more than four times that
            assertThat(colour[i] / pixels[i / 3]).isCloseTo(mean, within(28.0));
        }
    }

    @Test
    void imageInputAndBytesAreTheSamePicture() {
        Scene scene = Scenes.scene(5);
        BufferedImage image = scene.image();
        float[] input = scene.input();
        byte[] rgb = scene.rgb();
        for (int i = 0; i < PIXELS; i++) {
            int pixel = image.getRGB(i % Scenes.SIDE, i / Scenes.SIDE);
            for (int channel = 0; channel < 3; channel++) {
                int part = pixel >> 16 - 8 * channel & 0xFF;
                assertThat((byte) part).isEqualTo(rgb[3 * i + channel]);
                assertThat(input[channel * PIXELS + i]).isEqualTo(part / 255f);
            }
        }
    }
}
