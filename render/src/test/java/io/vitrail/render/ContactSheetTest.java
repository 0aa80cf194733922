package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    private static Picture plain(int rgb, int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (rgb >> 16 - 8 * (i % 3));
        }
        return Picture.of(width, height, pixels);
    }

    private static long count(BufferedImage page, int rgb) {
        int[] pixels =
                page.getRGB(0, 0, page.getWidth(), page.getHeight(), null, 0, page.getWidth());
        return Arrays.stream(pixels).filter(pixel -> (pixel & 0xffffff) == rgb).count();
    }

    @Test
    void theFirstOfEachClassAreShownInARow() {
        ContactSheet sheet = new ContactSheet(2, 2, 120);
        int[] colours = {0xff0000, 0x00ff00, 0x0000ff, 0xff00ff, 0x00ffff};
        String[] classes = {"a", "b", "a", "a", "c"};
        for (int i = 0; i < classes.length; i++) {
            if (sheet.count(classes[i])) {
                sheet.show(classes[i], plain(colours[i], 600, 300), "item " + i);
            }
        }

        BufferedImage page = sheet.sheet("run").image();

        // 120x60 each, less frames; the third of class a and class c are one too many
        assertThat(count(page, 0xff0000)).isBetween(6700L, 7200L);
        assertThat(count(page, 0x00ff00)).isBetween(6700L, 7200L);
        assertThat(count(page, 0x0000ff)).isBetween(6700L, 7200L);
        assertThat(count(page, 0xff00ff)).isZero();
        assertThat(count(page, 0x00ffff)).isZero();
    }

    @Test
    void whoAsksFirstDrawsNothingInVain() {
        ContactSheet sheet = new ContactSheet(1, 1, 100);

        assertThat(sheet.count("a")).isTrue();
        assertThat(sheet.count("a")).isTrue(); // the first could not be drawn
        sheet.show("a", plain(0, 10, 10), "");
        assertThat(sheet.count("a")).isFalse();
        assertThat(sheet.count("b")).isFalse();
        assertThatThrownBy(() -> sheet.show("b", plain(0, 10, 10), ""))
                .hasMessage("no picture of 'b' is wanted");
    }

    @Test
    void thePageIsBoundedHoweverManyItemsThereAre() {
        ContactSheet sheet = new ContactSheet();
        for (int i = 0; i < 100_000; i++) {
            String name = "class " + i % 500;
            if (sheet.count(name)) {
                sheet.show(name, plain(i, 40, 30), "");
            }
        }

        BufferedImage page = sheet.sheet("run").image();
        assertThat(page.getWidth()).isLessThan(1400);
        assertThat(page.getHeight()).isLessThan(4000);
    }
}
