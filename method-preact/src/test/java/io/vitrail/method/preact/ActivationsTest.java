package io.vitrail.method.preact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import org.junit.jupiter.api.Test;

class ActivationsTest {
    private static final Trial OUT = Trial.of(new Activation(), Targets.classIndex(0));
    private static final Trial IN = Trial.of(new PreActivation(), Targets.classIndex(0));

    private static Attribution run(Trial trial) {
        return run(trial, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
    }

    private static Attribution run(Trial trial, float[] items) {
        try (Model model = TestModels.load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            Shape shape = new Shape(items.length / 16, 1, 4, 4);
            return trial.run(model, new NDList(manager.create(items, shape)));
        }
    }

    @Test
    void layersGiveWhatWasWorkedOutByHand() {
        Attribution out = run(OUT.at("conv1", "relu1", "linear"));

        assertThat(out.atLayer("conv1").toFloats()).containsExactly(-5, 4, 31, 40, -30, -21, 6, 15);
        assertThat(out.atLayer("relu1").toFloats()).containsExactly(0, 4, 31, 40, 0, 0, 6, 15);
        assertThat(out.atLayer("linear").toFloats()).containsExactly(54, 54, 54, 54);
        assertThat(out.atLayer("relu1").axes().channel()).isEqualTo(1);
    }

    @Test
    void thePreActivationIsTheInputOfTheActivation() {
        Attribution in = run(IN.at("relu1", "relu2"));

        assertThat(in.atLayer("relu1").toFloats()).containsExactly(-5, 4, 31, 40, -30, -21, 6, 15);
        assertThat(in.atLayer("relu2").toFloats()).containsExactly(54, 54, 54, 54);
    }

    @Test
    void channelsComeInTheOrderAskedFor() {
        Attribution swapped = run(IN.at("relu1").with("channels", "1,0"));

        assertThat(swapped.values().toFloats()).containsExactly(-30, -21, 6, 15, -5, 4, 31, 40);
        assertThat(swapped.notes()).containsEntry("channels/relu1", "1,0");
        assertThat(run(OUT.at("linear").with("channels", "1..3")).values().shape())
                .containsExactly(1, 3);
    }

    @Test
    void eachItemHasItsOwnTopChannels() {
        // an even grey of 9: 31 and 6 everywhere; of -9: both are shut; the first item as above
        float[] items = new float[48];
        for (int i = 0; i < 16; i++) {
            items[i] = i;
            items[16 + i] = 9;
            items[32 + i] = -9;
        }

        Attribution top = run(OUT.at("relu1").with("top", "1"), items);

        assertThat(top.values().shape()).containsExactly(3, 1, 2, 2);
        assertThat(top.values().toFloats())
                .containsExactly(0, 4, 31, 40, 31, 31, 31, 31, 0, 0, 0, 0);
        assertThat(top.notes()).containsEntry("channels/relu1", "0");
    }

    @Test
    void topChannelsAreTheLargestByActivationForBothMethods() {
        // at conv1 the means are 17.5 and -7.5, at relu1 18.75 and 5.25
        assertThat(run(OUT.at("conv1").with("top", "2").with("channels", "1,0")).notes())
                .containsEntry("channels/conv1", "0,1");
        Attribution in = run(IN.at("relu1").with("top", "1"));
        assertThat(in.values().toFloats()).containsExactly(-5, 4, 31, 40);
    }

    @Test
    void aLayerThatEndsInNoActivationIsRefusedWithThoseNearIt() {
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(() -> run(IN.at("linear")))
                .matches(e -> e.kind() == VitrailException.Kind.USAGE)
                .withMessage(
                        "m1: pre-activation: layer 'linear' ends in linear, not in an activation\n"
                                + "  near:    relu2, relu1");
    }

    @Test
    void channelsThatTheLayerLacksAreRefused() {
        for (String channels : new String[] {"2", "0..2", "0..999999999"}) {
            assertThatExceptionOfType(VitrailException.class)
                    .isThrownBy(() -> run(OUT.at("relu1").with("channels", channels)))
                    .matches(e -> e.kind() == VitrailException.Kind.USAGE)
                    .withMessage(
                            "m1: activation: channels="
                                    + channels
                                    + ": layer 'relu1' has the channels 0..1");
        }
    }

    @Test
    void channelsThatCannotBeReadAreRefused() {
        for (String channels : new String[] {"", "a", "3..1", "-1", "1,,2", "99999999999"}) {
            assertThatExceptionOfType(VitrailException.class)
                    .as("'%s'", channels)
                    .isThrownBy(() -> run(OUT.at("relu1").with("channels", channels)))
                    .matches(e -> e.kind() == VitrailException.Kind.USAGE);
        }
    }

    @Test
    void withoutLayersBothAskForThem() {
        for (Trial trial : new Trial[] {OUT, IN}) {
            assertThatExceptionOfType(VitrailException.class)
                    .isThrownBy(() -> run(trial))
                    .matches(e -> e.kind() == VitrailException.Kind.USAGE)
                    .withMessageContaining("choose with -l");
        }
    }
}
