package io.vitrail.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real photographs, compared with Pillow 13.0.0; they are not part of this repository. */
class SharedPicturesTest {
    /** CRC-32 of the RGB pixels, and of those after Resize(256) (bilinear) and CenterCrop(224). */
    @ParameterizedTest
    @CsvSource({
        "astronaut.png, 4257916255, 2169244102",
        "chelsea.png, 260218201, 2331763529",
        "coffee.png, 2901676915, 2164725004",
        "dog.jpg, 1594355014, 2893038555",
        "eagle.jpg, 943618913, 2891888443",
        "giraffe.jpg, 1377648652, 2505908991",
        "horses.jpg, 3851740873, 331394650",
        "person.jpg, 2995452262, 1250414397",
        "rocket.jpg, 1238312107, 644966900",
    })
    void aPhotographIsReadAndCroppedAsThePythonSideDoes(String name, long pixels, long cropped) {
        Path file = Path.of(System.getProperty("vitrail.shared", "absent"), "data/images", name);
        assumeTrue(Files.exists(file), "skipped: no reference pictures (-Dvitrail.shared=FOLDER)");

        Picture picture = Picture.read(file);

        assertThat(Patterns.crc(picture)).isEqualTo(pixels);
        Prepared prepared = Preprocessing.parse("none,size=224,crop").apply(picture, false);
        assertThat(Patterns.crc(prepared.shown())).isEqualTo(cropped);
    }

    /** CRC-32 of the RGB pixels after keras-yolo3's letterbox_image to 416x416. */
    @ParameterizedTest
    @CsvSource({"chelsea.png, 3572060689", "dog.jpg, 2929740235"})
    void aPhotographIsLetterboxedAsKerasYoloDoes(String name, long letterboxed) {
        Path file = Path.of(System.getProperty("vitrail.shared", "absent"), "data/images", name);
        assumeTrue(Files.exists(file), "skipped: no reference pictures (-Dvitrail.shared=FOLDER)");

        Prepared prepared =
                Preprocessing.parse("unit,letterbox,bicubic,size=416")
                        .apply(Picture.read(file), true);

        assertThat(Patterns.crc(prepared.shown())).isEqualTo(letterboxed);
    }
}
