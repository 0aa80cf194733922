package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.demo.Item;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir private Path folder;

    @Test
    void theSheetIsWrittenAndTheHeatFollowsTheShape() {
        Captured call = Captured.run("demo", "-o", folder.toString(), "--json");

        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
        JsonObject said = JsonParser.parseString(call.out()).getAsJsonObject();
        assertThat(Path.of(said.get("sheet").getAsString()))
                .isEqualTo(folder.resolve("demo.png"))
                .isNotEmptyFile();
        JsonObject camShares = said.getAsJsonObject("massInside").getAsJsonObject("grad-cam");
        assertThat(camShares.size()).isEqualTo(2);
        // a shape covers less than a tenth of the scene: by chance a tenth of the heat would be on
        // it
        assertThat(camShares.asMap().values())
                .allSatisfy(share -> assertThat(share.getAsDouble()).isGreaterThan(0.15));
    }

    @Test
    void gradCamPutsMoreOnTheRightShapeInNineOfTenHeldOutScenes() {
        Captured call = Captured.run("demo", "-o", folder.toString(), "--json", "--scenes", "200");

        JsonObject right =
                JsonParser.parseString(call.out())
                        .getAsJsonObject()
                        .getAsJsonObject("heldOut")
                        .getAsJsonObject("moreOnTheRightShape");
        assertThat(right.keySet())
                .contains(
                        "gradient", "guided-backprop", "deconvnet", "grad-cam", "guided-grad-cam");
        assertThat(right.get("grad-cam").getAsDouble()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void moreScenesThanAreHeldOutAreRefused() {
        Captured call = Captured.run("demo", "-o", folder.toString(), "--scenes", "-1");

        assertThat(call.code()).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void massIsCountedOverChannelsAndWhereItIsPositive() {
        boolean[] mask = new boolean[4]; // 2 x 2 pixels, as the map below
        mask[0] = true;
        float[] twoChannels = {3, 1, -5, 0, 1, 2, 1, -7};
        Values item = Values.of(twoChannels, Axes.channelsFirst(4), 1, 2, 2, 2);

        double share = PositiveMass.of(item).shareOn(new Item(0, mask));

        assertThat(share).isCloseTo(4.0 / 8, Offset.offset(1e-9)); // 3 + 1 of 3 + 1 + 1 + 2 + 1
    }
}
