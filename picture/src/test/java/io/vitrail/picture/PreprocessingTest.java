package io.vitrail.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.VitrailException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {
    /** Checksums of float32 arrays that numpy computed from Pillow's resize; see make.py. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "torch 3903521640 586203881",
                "tf 1585731601 4150949292",
                "caffe 3035241530 2643184408",
                "unit 1196694682 3471165744",
                "none,mean=127:127:127,std=128:128:128 2351381346 811024064",
                "tf,grey 891373582 891373582"
            })
    void aPresetGivesTheNumbersOfThePythonSide(String words, long first, long last) {
        Preprocessing preprocessing = Preprocessing.parse(words + ",size=16,crop");

        Prepared prepared = preprocessing.apply(Patterns.rgb(), false);

        assertThat(prepared.channels()).isEqualTo(words.contains("grey") ? 1 : 3);
        assertThat(Patterns.crc(prepared.data())).isEqualTo(first);
        assertThat(Patterns.crc(preprocessing.apply(Patterns.rgb(), true).data())).isEqualTo(last);
    }

    @Test
    void cropShowsTheCentreOfTheResizedPicture() {
        Prepared prepared = Preprocessing.parse("unit,size=16,crop").apply(Patterns.rgb(), false);

        assertThat(Patterns.crc(prepared.shown())).isEqualTo(3983819495L); // make.py: crop
        // 24x20 became 21x18, of which 2 columns and 1 row are cut off
        Resampling.Box seen = prepared.placement().viewInPicture();
        assertThat(seen.left()).isCloseTo(2 * 24 / 21.0, within(1e-9));
        assertThat(seen.bottom()).isCloseTo(17 * 20 / 18.0, within(1e-9));
        assertThat(prepared.placement().covers(1, 10)).isFalse();
        assertThat(prepared.placement().covers(2, 10)).isTrue();
    }

    @Test
    void letterboxKeepsProportionsOnGrey() {
        Prepared prepared =
                Preprocessing.parse("unit,size=16,letterbox").apply(Patterns.rgb(), false);

        assertThat(Patterns.crc(prepared.shown())).isEqualTo(841286345L); // make.py: letterbox
        assertThat(prepared.placement().pictureInView())
                .isEqualTo(new Resampling.Box(0, 1, 16, 14));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"crop 2554873009", "stretch 930761905", "letterbox 2017562403"}) // make.py
    void bicubicResizesAsPillowsBicubic(String fit, long crc) {
        Prepared prepared =
                Preprocessing.parse("unit,bicubic,size=16," + fit).apply(Patterns.rgb(), false);

        assertThat(Patterns.crc(prepared.shown())).isEqualTo(crc);
    }

    @Test
    void stretchIsTheDefaultAndSizeIsColumnsByRows() {
        Prepared prepared = Preprocessing.parse("none,size=100x20").apply(Patterns.rgb(), false);

        assertThat(Patterns.crc(prepared.shown())).isEqualTo(1588724359L); // as in ResamplingTest
        assertThat(prepared.width()).isEqualTo(100);
        assertThat(prepared.height()).isEqualTo(20);
        assertThat(prepared.data()[0]).isEqualTo(prepared.shown().rgb(0, 0) >> 16);
    }

    @Test
    void theModelsSizeHoldsWhereTheSpecHasNone() {
        Preprocessing open = Preprocessing.parse("tf");

        assertThat(open.withDefaultSize(96, 64).spelling()).isEqualTo("tf,size=96x64,stretch");
        assertThat(Preprocessing.parse("tf,size=8").withDefaultSize(96, 64).width()).isEqualTo(8);
        assertThatThrownBy(() -> open.apply(Patterns.rgb(), false))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("add size=224");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch,size=224,crop",
                "none,size=224,crop,mean=127:127:127,std=128:128:128",
                "unit,letterbox,grey,mean=0.5,std=0.25",
                "caffe,stretch",
                "torch,size=224,crop,bicubic",
                "unit,letterbox,bicubic,grey",
            })
    void aNormalSpellingIsReadBack(String spec) {
        assertThat(Preprocessing.parse(spec).spelling()).isEqualTo(spec);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torhc,size=224|nearest: torch",
                "size=224|no word says what the values become",
                "torch,tf|two presets",
                "torch,mean=1:2:3|'torch' has its own mean and std",
                "unit,size=0|is no size",
                "unit,size=3x4x5|is no size",
                "unit,size=99999999999|is no size",
                "unit,mean=1:2|neither one number nor three",
                "unit,std=NaN|neither one number nor three",
                "unit,std=0:1:1|divides by zero",
                "unit,crop,letterbox|only one of them",
                "unit,bicubic,bicubic|'bicubic' twice",
                "unit,bicubik|nearest: bicubic",
                "torch,grey|a mean for each colour",
                "unit,grey,mean=1:2:3|one channel",
                "unit,size|unknown word 'size'",
                "torch,|unknown word ''",
            })
    void aWrongSpecIsRefusedWithWhatThereIs(String spec, String message) {
        assertThatThrownBy(() -> Preprocessing.parse(spec))
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.USAGE))
                .hasMessageContaining("preprocess '" + spec + "'")
                .hasMessageContaining(message);
    }

    @Test
    void aStripThatCropWouldBlowUpIsRefused() {
        Picture strip = Picture.of(1, 30_000, new byte[90_000]);

        assertThatThrownBy(() -> Preprocessing.parse("unit,size=224,crop").apply(strip, false))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("1x30000");
    }

    @Test
    void aSinglePixelFillsAnyView() {
        Picture single = Picture.of(1, 1, new byte[] {10, 20, 30});
        for (String fit : new String[] {"stretch", "crop", "letterbox"}) {
            Prepared prepared = Preprocessing.parse("none,size=4," + fit).apply(single, true);
            assertThat(prepared.data()).startsWith(10, 20, 30).endsWith(10, 20, 30).hasSize(48);
        }
    }
}
