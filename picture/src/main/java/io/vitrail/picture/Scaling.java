package io.vitrail.picture;

import java.util.List;
import java.util.Optional;

/** How 8-bit levels become the numbers that a network was trained on. */
enum Scaling {
    /** {@code (x/255 - mean) / std}, statistics of ImageNet. */
    TORCH("torch"),
    /** {@code x/127.5 - 1}. */
    TF("tf"),
    /** Blue, green, red, each minus its mean over ImageNet. */
    CAFFE("caffe"),
    /** {@code x/255}. */
    UNIT("unit"),
    /** 0 to 255. */
    NONE("none");

    static final List<String> WORDS = List.of("torch", "tf", "caffe", "unit", "none");

    private static final float[] TORCH_MEAN = {.485f, .456f, .406f};
    private static final float[] TORCH_STD = {.229f, .224f, .225f};
    private static final float[] CAFFE_MEAN = {123.68f, 116.779f, 103.939f};

    final String word;

    Scaling(String word) {
        this.word = word;
    }

    static Optional<Scaling> of(String word) {
        return WORDS.contains(word) ? Optional.of(values()[WORDS.indexOf(word)]) : Optional.empty();
    }

    /** Whether the preset leaves room for a mean and a deviation of the caller's. */
    boolean takesStatistics() {
        return this == UNIT || this == NONE;
    }

    /** Whether the preset says something about each colour, so that it cannot hold for grey. */
    boolean coloured() {
        return this == TORCH || this == CAFFE;
    }

    /** The place of a colour (0 red, 1 green, 2 blue) among the network's channels. */
    int channel(int colour) {
        return this == CAFFE ? 2 - colour : colour;
    }

    /**
     * Return what each of the 256 levels of a colour becomes, in the float arithmetic of the
     * original libraries.
     */
    float[] table(int colour, float mean, float std) {
        float[] table = new float[256];
        for (int level = 0; level < 256; level++) {
            table[level] =
                    switch (this) {
                        case TORCH -> (level / 255f - TORCH_MEAN[colour]) / TORCH_STD[colour];
                        case TF -> level / 127.5f - 1;
                        case CAFFE -> level - CAFFE_MEAN[colour];
                        case UNIT -> (level / 255f - mean) / std;
                        case NONE -> (level - mean) / std;
                    };
        }
        return table;
    }
}
