package io.vitrail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class DemoTest {
    private static byte[] model() throws IOException {
        try (InputStream stream = Demo.model()) {
            return stream.readAllBytes();
        }
    }

    @Test
    void labelsAreTheShapesInTheOrderOfTheOutputs() {
        assertThat(Demo.labels())
                .containsExactly(
                        "circle",
                        "square",
                        "triangle",
                        "star",
                        "cross",
                        "ring",
                        "crescent",
                        "heart");
    }

    @Test
    void theNetworkIsATorchScriptArchiveOfAtMostTwoMegabytes() throws IOException {
        byte[] archive = model();
        assertThat(archive).hasSizeBetween(100_000, 2_000_000);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                names.add(entry.getName());
            }
        }
        assertThat(names)
                .contains(
                        "shapes/data.pkl",
                        "shapes/constants.pkl",
                        "shapes/version",
                        "shapes/code/__torch__.py");
    }

    @Test
    void thePictureShowsShapesThatTheNetworkWasNotTrainedOn() {
        Scene scene = Demo.scene();
        assertThat(scene.seed()).isLessThan(Scenes.FIRST_TRAINING_SEED);
        assertThat(scene.items()).hasSize(3);
        assertThat(scene.rgb()).isEqualTo(Scenes.scene(scene.seed()).rgb());
    }

    @Test
    void heldOutScenesAreDifferentAndKeptFromTraining() {
        assertThat(Demo.heldOut(20))
                .extracting(Scene::seed)
                .doesNotHaveDuplicates()
                .hasSize(20)
                .allMatch(seed -> seed >= 0 && seed < Scenes.FIRST_TRAINING_SEED);
    }

    @Test
    void moreScenesThanAreHeldOutAreRefused() {
        assertThatThrownBy(() -> Demo.heldOut(100_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("100001 scenes: 0 to 100000 are held out");
    }
}
