package io.vitrail.picture;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Turn pictures into a network's input, as the model's author did in Python.
 *
 * <p>A SPEC is a list of words separated by commas, in any order:
 *
 * <ul>
 *   <li>exactly one of {@code torch} (x/255, minus mean, by deviation of ImageNet), {@code tf}
 *       (x/127.5-1), {@code caffe} (BGR minus 103.939, 116.779, 123.68), {@code unit} (x/255),
 *       {@code none} (0..255)
 *   <li>{@code mean=a:b:c}, {@code std=a:b:c}, or one number for all: in 0..255 after {@code none},
 *       in 0..1 after {@code unit}, in the order red, green, blue
 *   <li>{@code size=224} or {@code size=416x320}, columns before rows
 *   <li>{@code stretch} (default), {@code crop} (short side to 256/224 of the size, then the
 *       centre; rounded as torchvision's Resize and CenterCrop), {@code letterbox} (whole, on grey
 *       128, as Darknet)
 *   <li>{@code bicubic}: resize with Pillow's bicubic filter rather than its bilinear one, as many
 *       networks of timm were trained; both with antialiasing
 *   <li>{@code grey}: one channel, Pillow's luma
 * </ul>
 *
 * <p>Immutable.
 */
public final class Preprocessing {
    private final Scaling scaling;
    private final Fit fit;
    private final Resampling resampling;
    private final boolean grey;
    private final int width; // 0: not stated
    private final int height;
    private final List<Float> mean; // one a channel, or empty
    private final List<Float> std;

    Preprocessing(
            Scaling scaling,
            Fit fit,
            Resampling resampling,
            boolean grey,
            int width,
            int height,
            List<Float> mean,
            List<Float> std) {
        this.scaling = scaling;
        this.fit = fit;
        this.resampling = resampling;
        this.grey = grey;
        this.width = width;
        this.height = height;
        this.mean = List.copyOf(mean);
        this.std = List.copyOf(std);
    }

    /**
     * Parse a SPEC.
     *
     * @throws io.vitrail.api.VitrailException of kind usage if a word is unknown, contradicts
     *     another, or has no sound value
     */
    public static Preprocessing parse(String spec) {
        return new SpecParser(spec).parse();
    }

    /** Return the presets, one a line with its meaning, as messages and help show them. */
    public static String presets() {
        return SpecParser.PRESETS;
    }

    /** Return this preprocessing with a size where the SPEC stated none. */
    public Preprocessing withDefaultSize(int defaultWidth, int defaultHeight) {
        if (width > 0) {
            return this;
        }
        if (defaultWidth < 1
                || defaultHeight < 1
                || defaultWidth > SpecParser.MAX_SIDE
                || defaultHeight > SpecParser.MAX_SIDE) {
            throw new IllegalArgumentException(defaultWidth + "x" + defaultHeight);
        }
        return new Preprocessing(
                scaling, fit, resampling, grey, defaultWidth, defaultHeight, mean, std);
    }

    /** Return whether the size is known, so that pictures can be prepared. */
    public boolean hasSize() {
        return width > 0;
    }

    /** Return the columns of the network's input, 0 where the SPEC states no size. */
    public int width() {
        return width;
    }

    /** Return the rows of the network's input, 0 where the SPEC states no size. */
    public int height() {
        return height;
    }

    /** Return the channels of the network's input: 1 after {@code grey}, else 3. */
    public int channels() {
        return grey ? 1 : 3;
    }

    /**
     * Prepare one picture.
     *
     * @param channelsLast whether the network takes {@code (height, width, channels)}
     * @throws io.vitrail.api.VitrailException of kind usage if no size is known
     */
    public Prepared apply(Picture picture, boolean channelsLast) {
        if (!hasSize()) {
            throw SpecParser.wrong(
                    spelling(), "the model does not say the size of its input", "add size=224");
        }
        Fit.Fitted fitted = fit.apply(grey ? picture.grey() : picture, width, height, resampling);
        return new Prepared(
                numbers(fitted.shown().shared(), channelsLast),
                channels(),
                height,
                width,
                channelsLast,
                fitted.shown(),
                fitted.placement());
    }

    private float[] numbers(byte[] pixels, boolean channelsLast) {
        int channels = channels();
        int area = width * height;
        float[] data = new float[channels * area];
        for (int colour = 0; colour < channels; colour++) {
            float[] table = scaling.table(colour, at(mean, colour, 0), at(std, colour, 1));
            int channel = grey ? 0 : scaling.channel(colour);
            int to = channelsLast ? channel : channel * area;
            int step = channelsLast ? channels : 1;
            for (int i = 0; i < area; i++, to += step) {
                data[to] = table[pixels[3 * i + colour] & 255];
            }
        }
        return data;
    }

    private static float at(List<Float> statistics, int colour, float otherwise) {
        return statistics.isEmpty()
                ? otherwise
                : statistics.get(Math.min(colour, statistics.size() - 1));
    }

    /** Return the SPEC in its normal form: {@link #parse} of it is equal to this. */
    public String spelling() {
        StringJoiner words = new StringJoiner(",");
        words.add(scaling.word);
        if (hasSize()) {
            words.add("size=" + (width == height ? "" + width : width + "x" + height));
        }
        words.add(fit.name().toLowerCase(java.util.Locale.ROOT));
        if (resampling == Resampling.BICUBIC) {
            words.add("bicubic");
        }
        if (grey) {
            words.add("grey");
        }
        if (!mean.isEmpty()) {
            words.add("mean=" + joined(mean));
        }
        if (!std.isEmpty()) {
            words.add("std=" + joined(std));
        }
        return words.toString();
    }

    private static String joined(List<Float> numbers) {
        return numbers.stream()
                .map(n -> n == Math.rint(n) && Math.abs(n) < 1e6 ? "" + n.intValue() : n.toString())
                .collect(Collectors.joining(":"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Preprocessing that && spelling().equals(that.spelling());
    }

    @Override
    public int hashCode() {
        return spelling().hashCode();
    }

    @Override
    public String toString() {
        return spelling();
    }
}
